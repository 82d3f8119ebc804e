"""Installs ckanext-anshan into any CKAN 2.12; ``./portal`` installs the whole stack instead."""

from setuptools import find_namespace_packages, setup

setup(
    name="ckanext-anshan",
    version="0.1.0",
    description="鞍山市公共数据开放平台: a city's open-data regulation as a CKAN extension",
    license="AGPL-3.0-or-later",
    python_requires=">=3.10",
    package_dir={"": "ckanext-anshan"},
    packages=find_namespace_packages("ckanext-anshan", include=["ckanext.anshan", "ckanext.anshan.*"]),
    include_package_data=False,
    package_data={"ckanext.anshan": ["**/*"], "ckanext.anshan.config": ["**/*"], "ckanext.anshan.i18n": ["**/*"]},
    install_requires=[
        "ckan==2.12.*",
        "ckanext-dcat>=2.4.4",
        "ckanext-scheming>=3.1.0",
        "ckanapi>=4.11",
        "ahocorasick-rs>=1.0.3",
        "holidays>=0.107",
        "ijson>=3.5",
        "limits>=5.8",
        "lxml>=6.0",
        "numpy>=2.2",
        "olefile>=0.47",
        "openpyxl>=3.1",
        "pypdfium2>=5.0",
        "pypinyin>=0.55",
        "python-calamine>=0.8",
        "segno>=1.6",
        "typst>=0.15",
        "xlrd>=2.0.2",
        "xlsxwriter>=3.2",
    ],
    entry_points={
        "ckan.plugins": [
            "anshan = ckanext.anshan.plugin:AnshanPlugin",
            "anshan_datasets = ckanext.anshan.plugin:AnshanDatasetsPlugin",
        ],
        "ckan.rdf.profiles": [
            "anshan_dcat_ap = ckanext.anshan.developers.dcat:AnshanProfile",
        ],
    },
)
