"""The facts that meals tells the others: none so far, because nothing is ordered yet."""
