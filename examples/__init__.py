"""Data to start with, and a program that shows how others talk to ML Trainer."""
