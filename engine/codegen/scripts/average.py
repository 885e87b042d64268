"""The source in ``step.py`` and ``train.py`` for averaged weights."""

from collections.abc import Iterator

from engine.catalog.averages import AVERAGES
from engine.catalog.spec import effective
from engine.codegen.scripts.data_description import SnippetName, keywords
from engine.codegen.snippets import Import
from engine.codegen.source import Writer
from engine.graph.model import Project

TORCH = "torch.optim.swa_utils"


class AverageCode:
    """Writes that source. ``forwards``: the calls that pass a batch through ``model``.

    ``differentiates``: whether the network computes gradients itself.
    """

    def __init__(self, project: Project, forwards: tuple[str, ...], *, differentiates: bool) -> None:
        self.part, self._forwards, self._differentiates = project.training.average, forwards, differentiates
        self._declared = AVERAGES[self.part.kind] if self.part else None

    @property
    def each_step(self) -> bool:
        """Whether it is updated after each step."""
        return self._declared is not None and self._declared.every == "step"

    @property
    def each_epoch(self) -> bool:
        """Whether it is updated after each epoch."""
        return self._declared is not None and self._declared.every == "epoch"

    def snippet_names(self) -> Iterator[SnippetName]:
        """The snippets that are used."""
        if self.each_epoch:
            yield "training.average", "measure_batch_norm"

    def imports(self) -> Iterator[Import]:
        """The imports from torch."""
        if self._declared is not None:
            yield TORCH, "AveragedModel", "AveragedModel"
            if self.each_epoch and not self._differentiates:
                yield "torch", "", "torch"
            if self._declared.function:
                name = self._declared.function.removeprefix(f"{TORCH}.")
                yield TORCH, name, name

    def creation(self) -> str:
        """The call that makes the average of ``model``."""
        if self.part is None or self._declared is None or not self._declared.function:
            return "AveragedModel(model)"
        function = self._declared.function.removeprefix(f"{TORCH}.")
        values = keywords(self._declared.params, self.part.params)
        return f"AveragedModel(model, multi_avg_fn={function}({values}))"

    def write_epoch(self, out: Writer) -> None:
        """Write the method that updates it at the end of an epoch."""
        if not self.each_epoch or self.part is None or self._declared is None:
            return
        first = effective(self._declared.params, self.part.params)[self._declared.first]
        out.blank()
        out.code(
            f'''
            def average_epoch(self, batches: Iterable[dict[str, Tensor]], seed: int, epoch: int) -> None:
                """Take the weights of an epoch, from 0, into their mean, which begins with epoch {first}.

                ``batches``: those of the epoch again, with which batch norm measures its statistics.
                """
                if epoch + 1 <= {first}:
                    self.average.n_averaged.zero_()
                self.average.update_parameters(self.model)
                model = self.average.module

                def forward(batch: dict[str, Tensor]) -> None:
            ''',
            4,
        )
        out.code("\n".join(self._forwards), 12)
        out.blank()
        gradients = "" if self._differentiates else ", torch.no_grad()"
        out.code(
            f"""
            with evaluation_draws(seed, epoch, next(model.parameters()).device){gradients}:
                measure_batch_norm(model, batches, forward)
            """,
            8,
        )
