"""Figures of an encoder in training, on passages that it does not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from extract.training.encoder.batches import collate
from extract.training.encoder.data import Text, windows
from extract.training.encoder.labels import IGNORED, ORG_LABELS, PAIR_LABELS, PARTY, ROLE_LABELS
from extract.training.encoder.losses import pair_logits
from extract.training.encoder.network import COMMITMENT_HEAD, Reader, head_names


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
            logits = pair_logits(guess["pair"].unsqueeze(0), batch["pieces"], batch["sizes"], batch["pairs"])
            for place, name in enumerate(PAIR_LABELS):
                gold = batch["pairs"][:, 2 + place]
                add(f"{name}_tp", float(((logits[:, place] > 0) & (gold == 1)).sum()))
                add(f"{name}_p", float(((logits[:, place] > 0) & (gold != IGNORED)).sum()))
                add(f"{name}_g", float((gold == 1).sum()))
        for name in ("date", "tense", "party_role", COMMITMENT_HEAD):
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
            ("org_p", torch.isin(entity[0].argmax(-1), torch.tensor(ORG_LABELS)) & (gold_entity != IGNORED)),
            ("org_g", torch.isin(gold_entity, torch.tensor(ORG_LABELS))),
        ):
            add(name, float(mask.sum()))
        add(
            "org_tp",
            float(
                (
                    torch.isin(entity[0].argmax(-1), torch.tensor(ORG_LABELS))
                    & torch.isin(gold_entity, torch.tensor(ORG_LABELS))
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
    for name in ("deal", "type", "status", "instrument", "date", "tense", "party_role", COMMITMENT_HEAD):
        figures[name] = round(counts.get(f"{name}_ok", 0.0) / max(1.0, counts.get(f"{name}_n", 0.0)), 3)
    return figures
