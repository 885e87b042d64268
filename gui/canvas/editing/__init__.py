"""Commands that change the shown graph, each as one undo step."""
