from tests.integration.catalogue.conftest import agency, errors_of, other_agency

__all__ = ["agency", "errors_of", "other_agency"]
