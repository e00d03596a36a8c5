from __future__ import annotations

import pytest

from pipl_assetstore import AssetStoreError, FolderStore, make_store
from pipl_pipe import Services


def test_the_service_is_made_from_its_config(environment):
    store = Services().asset_store
    assert isinstance(store, FolderStore)
    assert store.root == environment.store
    assert not environment.store.exists()


@pytest.mark.parametrize("config", [{}, {"root": ""}, {"root": 5}, {"root": None}])
def test_without_a_folder_it_is_an_error(config):
    with pytest.raises(AssetStoreError) as error:
        make_store(config)
    assert error.value.message == (
        f"The config of asset_store has no folder: root is {config.get('root')!r}."
    )
    assert error.value.hint == (
        "Set root in [config.asset_store] of pipl.toml, or by the hook pipl_config."
    )
