"""Code for training inside and outside the app: the app imports it, and an exported program contains copies of it.

How the functions for data are called (``F`` is the declared function, keywords are the declared parameters by name):

- A data set's ``loader="module:F"``: ``samples = F(path, **params)`` when its declaration has ``file`` (a shipped set:
  ``path`` is that file), else ``samples = F(**params)``; parameters that are paths are resolved. ``samples`` is a
  `samples.Samples`, or a `loaded.LoadedSamples` with more about the files: ``samples.fields`` maps field names to numpy
  arrays of equal length, float32 or int64; ``samples.classes`` maps label fields to class names.
- The split: ``train, validation, test = splits.split_samples(len(samples), labels, validation=..., test=...,
  seed=...)``, indices of samples. ``labels`` is the first field of ``samples.classes`` with one axis when the project
  stratifies and there is one, else ``None``.
- A fitted transform (``random=False``), ``target="transforms:F"``: ``statistics = transforms.fit_F(values[train],
  **params)``, a dict of arrays, then ``values = transforms.F(values, **statistics)``, on the whole field, once, in the
  order of the project; ``values = transforms.undo_F(values, **statistics)`` is its inverse (``FillMissing`` has none).
  Transforms that a data set implies (`engine.catalog.data.datasets.implied_transforms`: ``FillMissing``) come first.
  All this in numpy; then ``torch.from_numpy``.
- An augmentation (``random=True``), ``target="augment:F"``, on tensors: once an epoch
  ``table = augment.draw_F(train_values, generator, **params)``, one entry for each training sample, with
  ``generator = order.epoch_generator(seed, epoch, salt=1 + its place among the augmentations)``; then, for each batch
  of indices ``index`` within the training part, ``values = augment.F(train_values[index], table[index])``. The same
  sample in the same epoch gives the same result in any batch.
- The order of an epoch: ``order.epoch_order(len(train), seed, epoch)``. Epochs count from 0.

``field`` is a parameter of every transform, the field that it changes; it is not passed on.

Each name that a function uses is imported at the top of its module or defined in it, so that the export can copy it,
too. Wrong data raises `samples.DataError`: one message with file and place, and a hint.
"""
