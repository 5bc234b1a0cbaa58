"""What follows from a star: cases, pay and reward money, each with the facts that it rests on."""
