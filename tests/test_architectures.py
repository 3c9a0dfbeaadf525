"""Published networks have the published numbers of parameters, and questions can be asked on each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from quizgrad import check, table_question
from quizgrad.solvers.architectures.alexnet import alexnet
from quizgrad.solvers.architectures.bert import Bert, BertForPreTraining
from quizgrad.solvers.architectures.dcgan import discriminator, generator
from quizgrad.solvers.architectures.googlenet import auxiliary_classifier, googlenet
from quizgrad.solvers.architectures.gpt2 import Gpt2
from quizgrad.solvers.architectures.lenet import lenet5
from quizgrad.solvers.architectures.mobilenet import mobilenet
from quizgrad.solvers.architectures.resnet import BasicBlock, resnet
from quizgrad.solvers.architectures.transformer import Transformer
from quizgrad.solvers.architectures.unet import UNet
from quizgrad.solvers.architectures.vgg import vgg
from quizgrad.solvers.architectures.vit import VisionTransformer
from torch import nn

PHOTO = (3, 224, 224)
Size = tuple[int, ...]

# Parameters as torchvision documents them (AlexNet, VGG, ResNet, GoogLeNet), as Keras does (MobileNet, those that are
# trained), as PyTorch's DCGAN tutorial builds them, and as Caffe's GoogLeNet has them; U-Net: 23 convolutional layers.
PUBLISHED: dict[str, tuple[Callable[[], nn.Module], Size, int, Size]] = {
    "LeNet-5": (lenet5, (1, 32, 32), 61_706, (10,)),
    "AlexNet": (alexnet, PHOTO, 61_100_840, (1000,)),
    "VGG-11": (lambda: vgg(11), PHOTO, 132_863_336, (1000,)),
    "VGG-13": (lambda: vgg(13), PHOTO, 133_047_848, (1000,)),
    "VGG-16": (lambda: vgg(16), PHOTO, 138_357_544, (1000,)),
    "VGG-19": (lambda: vgg(19), PHOTO, 143_667_240, (1000,)),
    "ResNet-18": (lambda: resnet(18), PHOTO, 11_689_512, (1000,)),
    "ResNet-34": (lambda: resnet(34), PHOTO, 21_797_672, (1000,)),
    "ResNet-50": (lambda: resnet(50), PHOTO, 25_557_032, (1000,)),
    "ResNet-101": (lambda: resnet(101), PHOTO, 44_549_160, (1000,)),
    "ResNet-152": (lambda: resnet(152), PHOTO, 60_192_808, (1000,)),
    "GoogLeNet": (googlenet, PHOTO, 6_998_552, (1000,)),
    "GoogLeNet of torchvision": (lambda: googlenet(normalized=True), PHOTO, 6_624_904, (1000,)),
    "MobileNet": (mobilenet, PHOTO, 4_231_976, (1000,)),
    "U-Net": (UNet, (1, 572, 572), 31_030_658, (2, 388, 388)),
    "ViT-B/16": (VisionTransformer, PHOTO, 86_567_656, (1000,)),
    "ViT-L/16": (lambda: VisionTransformer("large"), PHOTO, 304_326_632, (1000,)),
    "DCGAN generator": (generator, (100, 1, 1), 3_576_704, (3, 64, 64)),
    "DCGAN discriminator": (discriminator, (3, 64, 64), 2_765_568, (1, 1, 1)),
}


# Text models: as Hugging Face's transformers builds bert-base-uncased, bert-large-uncased and gpt2 to gpt2-xl with
# tied embeddings; the original Transformer with 37000 tokens, where its paper gives 65 and 213 million for "about"
# as many. Vision transformers: as torchvision documents them.
TEXT_MODELS: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "BERT base": (lambda: Bert("base"), 109_482_240),
    "BERT base, pre-training": (lambda: BertForPreTraining("base"), 110_106_428),
    "BERT large": (lambda: Bert("large"), 335_141_888),
    "GPT-2": (lambda: Gpt2("small"), 124_439_808),
    "GPT-2 medium": (lambda: Gpt2("medium"), 354_823_168),
    "GPT-2 large": (lambda: Gpt2("large"), 774_030_080),
    "GPT-2 XL": (lambda: Gpt2("xl"), 1_557_611_200),
    "Transformer base": (lambda: Transformer("base"), 63_082_496),
    "Transformer big": (lambda: Transformer("big"), 214_245_376),
}


def built(name: str) -> nn.Module:
    with torch.device("meta"):
        return PUBLISHED[name][0]()


def parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize("name", PUBLISHED)
def test_it_has_the_published_number_of_parameters(name: str) -> None:
    _, size, published, output = PUBLISHED[name]
    module = built(name)
    assert parameters(module) == published
    assert tuple(module(torch.zeros(1, *size, device="meta")).shape[1:]) == output


@pytest.mark.parametrize("name", TEXT_MODELS)
def test_text_models_have_the_published_number_of_parameters(name: str) -> None:
    make, published = TEXT_MODELS[name]
    with torch.device("meta"):
        assert parameters(make()) == published


def test_the_transformer_is_as_large_as_its_paper_says_within_the_rounded_vocabulary() -> None:
    for name, millions in (("Transformer base", 65), ("Transformer big", 213)):
        assert TEXT_MODELS[name][1] == pytest.approx(millions * 1e6, rel=0.03)


def test_text_models_run() -> None:
    tokens = torch.zeros(2, 10, dtype=torch.long, device="meta")
    with torch.device("meta"):
        shapes = [tuple(make()(tokens).shape) for make in (Bert, Gpt2, Transformer)]
    assert shapes == [(2, 768), (2, 10, 50_257), (2, 10, 37_000)]


# The class token and the positions of a vision transformer belong to no layer.
@pytest.mark.parametrize("name", [name for name in PUBLISHED if not name.startswith("ViT")])
def test_every_layer_of_it_can_be_asked(name: str) -> None:
    _, size, published, _ = PUBLISHED[name]
    entry = table_question(built(name), size, name=name)
    rows = entry.question.all_rows
    assert all(row.known is None for row in rows)
    counted = [entry.question(1, rows[start : start + 40], True) for start in range(0, len(rows), 40)]
    assert sum(part.answer()["total"].value for part in counted) == published


@pytest.mark.parametrize(
    "name", ["LeNet-5", "ResNet-50", "GoogLeNet", "MobileNet", "U-Net", "DCGAN generator"]
)
@pytest.mark.parametrize("form", ["table", "totals"])
def test_questions_on_it_keep_the_contract(name: str, form: str) -> None:
    entry = table_question(built(name), PUBLISHED[name][1], name=name, form=form)
    for level in (1, 2, 3):
        assert not check(entry, level, 3).failures


def test_auxiliary_classifiers_add_what_torchvision_documents() -> None:
    parts = [
        googlenet(normalized=True),
        *(auxiliary_classifier(width, normalized=True) for width in (512, 528)),
    ]
    assert sum(map(parameters, parts)) == 13_004_888


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_the_name_counts_the_layers_with_weights(depth: int) -> None:
    with torch.device("meta"):
        modules = list(resnet(depth).named_modules())
    layers = [name for name, module in modules if isinstance(module, nn.Conv2d | nn.Linear)]
    assert len([name for name in layers if "shortcut" not in name]) == depth


def test_a_block_that_halves_the_size_projects_what_it_adds() -> None:
    assert parameters(BasicBlock(64, 128, stride=2)) == 230_144
    assert parameters(BasicBlock(64, 64)) == 2 * 9 * 64 * 64 + 4 * 64
