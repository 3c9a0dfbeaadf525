"""Linear algebra and probability that networks rest on."""
