"""Names that runs are given, so that people can speak of them: calm-otter-3."""

import secrets

_MOODS = (
    "able bold brave bright brisk calm clear clever cosy crisp eager early fair fine fleet fond free "
    "fresh gentle glad golden grand happy hardy honest jolly keen kind lively loyal lucky mellow "
    "merry mild neat nimble noble patient plain proud quick quiet ready shy silent silver sleek smart "
    "smooth snug steady still sunny swift tender tidy true warm wise witty "
)
_ANIMALS = (
    "ant badger bat bear beaver bee bison crane crow deer dove duck eagle egret elk falcon ferret "
    "finch fox frog gecko goose hare hawk heron horse ibis jay koala lark lemur lion llama lynx "
    "magpie marten mole moose moth newt octopus orca otter owl panda penguin pike puffin quail rabbit "
    "raven robin salmon seal shrew sparrow squid stork swan tern tiger toad trout turtle vole walrus "
    "whale wolf wombat wren yak zebra "
)
MOODS, ANIMALS = _MOODS.split(), _ANIMALS.split()


def run_name(number: int) -> str:
    """A name for the `number`th run of an experiment."""
    return f"{secrets.choice(MOODS)}-{secrets.choice(ANIMALS)}-{number}"
