"""Fine-tuning jobs: what can be asked for, what is going on, what came out."""
