"""The sandbox: what its walls hold, and what happens when something behind them goes wrong."""
