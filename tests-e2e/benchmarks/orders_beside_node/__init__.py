"""`POST /orders` beside a public implementation in Node, on the same emulator in one run."""
