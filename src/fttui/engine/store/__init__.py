"""What the engine remembers, in one sqlite file that the server and its workers share."""
