"""A network that is to be asked about: a module at hand, or one that a file makes."""

from __future__ import annotations

import copy
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..errors import UserError


@dataclass(frozen=True)
class Network:
    """Something that makes a module.

    Attributes:
        name: what students read.
        make: the module on a device, `meta` for tensors that have sizes but no data.
    """

    name: str
    make: Callable[[str], nn.Module]


def of_module(module: nn.Module, name: str | None = None) -> Network:
    """A module at hand, which is copied and left as it is."""
    return Network(
        name or type(module).__name__,
        lambda device: _without_data(module) if device == "meta" else copy.deepcopy(module),
    )


def from_file(place: str) -> Network:
    """The network that `FILE.py:NAME` names: a module, or a class or function that makes one.

    The file is executed, as any Python program of the user is.

    Raises:
        UserError: there is no such file or name, or the file fails.
    """
    path, colon, name = place.rpartition(":")
    if not colon or not name.isidentifier() or not path.endswith(".py"):
        raise UserError(f"{place}: expected FILE.py:NAME, e.g. lenet.py:LeNet")
    made = getattr(_executed(Path(path)), name, None)
    if made is None:
        raise UserError(f"{path} has no {name}")
    if isinstance(made, nn.Module):
        return of_module(made, name)
    if not callable(made):
        raise UserError(
            f"{name} of {path} is no network: expected a module, or a class or function that makes one"
        )
    return Network(name, lambda device: _called(made, device, place))


def _called(make: Callable[[], Any], device: str, place: str) -> nn.Module:
    with torch.device(device):
        module = make()
    if not isinstance(module, nn.Module):
        raise UserError(f"{place} makes no network, but a value of type {type(module).__name__}")
    return module


def _executed(path: Path) -> object:
    if not path.is_file():
        raise UserError(f"{path} does not exist")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except Exception as fault:  # the file is the user's: it may raise anything
        raise UserError(f"{path} fails: {in_one_line(fault)}") from fault
    finally:
        sys.path.remove(str(path.parent))
    return module


def _without_data(module: nn.Module) -> nn.Module:
    """A copy whose parameters and buffers have sizes but no data; shared ones stay shared."""
    copies: dict[int, Any] = {}
    for tensor in (*module.parameters(), *module.buffers()):
        empty = tensor.detach().to("meta")
        learned = isinstance(tensor, nn.Parameter)
        copies[id(tensor)] = nn.Parameter(empty, tensor.requires_grad) if learned else empty
    return copy.deepcopy(module, copies)


def in_one_line(fault: BaseException) -> str:
    """The class of an error and its own words."""
    return f"{type(fault).__name__}: {' '.join(str(fault).split())}"
