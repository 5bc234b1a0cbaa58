"""From values to stars: trials, determination, what moved a unit, and what would."""
