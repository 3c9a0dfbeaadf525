class {{ class_name }}(Question):
    """Parameters of a fully connected layer. Replace this by what you ask.

    Source: name the paper, book or documentation, with section or equation.
    """

    title = "{{ title }}"
    minutes = {1: 1, 2: 2}

    inputs: int
    outputs: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        most = 12 if level == 1 else 400
        return cls(rng.randint(2, most), rng.randint(2, most))

    def flaw(self) -> str | None:
        return None if 1 <= min(self.inputs, self.outputs) <= max(self.inputs, self.outputs) <= 10_000 else "sizes go from 1 to 10000"

    def answer(self) -> dict[str, Answer]:
        return {"parameters": Integer(self.inputs * self.outputs + self.outputs)}

    @mistake("Every output unit has a bias of its own: add {outputs} of them.")
    def forgets_bias(self) -> dict[str, int]:
        return {"parameters": self.inputs * self.outputs}

    @mistake("A layer has one bias for each output unit, not one for all of them.")
    def one_bias(self) -> dict[str, int]:
        return {"parameters": self.inputs * self.outputs + 1}
