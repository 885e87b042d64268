"""Graphs with axes of variable length: walked with several lengths, from which every size is a formula of them."""
