"""pipl, the Package Index PipeLine; this package only brings the others."""
