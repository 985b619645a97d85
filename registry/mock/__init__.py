"""A scripted server that stands in for a model: answers over real HTTP, and no model behind them."""
