"""Wide & Deep rating models of Crosslane.

    Model     a saved model: ratings of rows given as columns, without copying arrays
    sweep     trains the experiments of a config; returns their records
    read_run  the records of a run folder as a pandas DataFrame
    Error     what all of them raise

>>> import crosslane
>>> model = crosslane.Model("runs/report/models/0f317ba0506ee2dc.safetensors")
>>> model.inputs
['age', 'gender', 'occupation', 'genre']
>>> model.predict({"age": [25.0], "gender": ["F"], "occupation": ["student"],
...                "genre": ["Drama"]})
array([3.5], dtype=float32)
"""
from ._errors import Error
from ._library import version
from ._model import Model, Sets
from ._runs import read_run, sweep

__all__ = ["Error", "Model", "Sets", "read_run", "sweep", "version"]
