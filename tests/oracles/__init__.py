"""Other people's checks, written anew from their documented behaviour, to compare with."""
