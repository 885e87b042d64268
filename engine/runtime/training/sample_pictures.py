"""Pictures of what a network generates, drawn from the same noise at the end of every epoch."""

from engine.errors import RunProblem
from engine.graph.generation import output_of
from engine.project import disk_errors, durable
from engine.runs.events import Samples
from engine.runs.folder import RunFolder
from engine.runs.pictures import picture_name, pictures_to_delete
from engine.runtime.generation.generator import draw_function, generator_of
from engine.runtime.training.learner import Learner

COUNT = 64
SUFFIX = ".png"


class SamplePictures:
    """Writes them for a run whose project generates images; the random numbers of training stay unchanged."""

    def __init__(self, learner: Learner, folder: RunFolder) -> None:
        self._learner, self._folder = learner, folder
        generator = generator_of(learner.project)
        self._draw = draw_function(generator) if generator and SUFFIX in generator.suffixes else None

    def draw(self, epoch: int) -> Samples | None:
        """Write the picture of an epoch, which counts from 1; ``None`` where what is generated is not an image.

        Raises: ``EngineError`` when the disk fails.
        """
        if self._draw is None:
            return None
        learner = self._learner
        seed = learner.project.training.seed
        try:
            image = self._draw(learner.project, learner.model, learner.evaluated, COUNT, seed, SUFFIX)
        except RunProblem:
            self._draw = None
            return None
        place = self._folder.samples / picture_name(epoch)
        try:
            self._folder.samples.mkdir(exist_ok=True)
            durable.replace(place, image)
            drop_superfluous(self._folder, epoch)
        except OSError as error:
            raise disk_errors.problem("write", place, error) from error
        return Samples(epoch, output_of(learner.project) or "", f"{self._folder.samples.name}/{place.name}")


def drop_superfluous(folder: RunFolder, epoch: int) -> None:
    """Remove pictures that are not kept after that many epochs. Raises: ``OSError``."""
    for path in pictures_to_delete(folder.samples, epoch):
        path.unlink(missing_ok=True)
