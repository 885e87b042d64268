"""The curves of chosen runs over each other, and what a person sets about them."""
