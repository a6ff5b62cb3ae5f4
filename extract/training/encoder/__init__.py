"""Trains the shipped encoder: needs PyTorch and transformers (see README.md here); nothing at run time does."""
