# What the hooks of pre-commit install: the released wheel, and nothing from this checkout. A hook
# that installed the crate itself would need a Rust toolchain and minutes (packaging/pyproject.toml).
from setuptools import setup

setup(
    name="gatelint-pre-commit",
    version="0.0.0",
    install_requires=["gatelint==0.1.0"],
    packages=[],
    py_modules=[],
)
