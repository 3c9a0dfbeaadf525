def {{ name }}(inputs: int, outputs: int) -> dict[str, int]:
    """Build the layer and count."""
    layer = nn.Linear(inputs, outputs, device="meta")
    return {"parameters": sum(parameter.numel() for parameter in layer.parameters())}
