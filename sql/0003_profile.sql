-- Holds the number's place in this branch.
DO 0;
