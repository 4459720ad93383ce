"""BibTeX of what a study rests on, and of nothing else."""

from __future__ import annotations

import re

from rolecoder.report import latex
from rolecoder.report.findings import Findings
from rolecoder.report.method import estimators, used

ROLECODER = """@misc{rolecoder,
  author = {{The rolecoder developers}},
  title = {rolecoder: coding leaders' statements into national role conceptions},
  note = {Software, version %s}
}"""
HOLSTI = """@article{holsti1970,
  author = {Holsti, K. J.},
  title = {National Role Conceptions in the Study of Foreign Policy},
  journal = {International Studies Quarterly},
  volume = {14}, number = {3}, pages = {233--309}, year = {1970}
}"""
YANG = """@misc{yang2016,
  author = {Yang, H.-Y.},
  title = {A Study on Role-Based Approach to Bilateral Alliances in Northeast Asia},
  year = {2016}
}"""
ENDRES = """@article{endres2003,
  author = {Endres, D. M. and Schindelin, J. E.},
  title = {A New Metric for Probability Distributions},
  journal = {IEEE Transactions on Information Theory},
  volume = {49}, number = {7}, pages = {1858--1860}, year = {2003}
}"""
REIMERS = """@inproceedings{reimers2019,
  author = {Reimers, Nils and Gurevych, Iryna},
  title = {Sentence-{BERT}: Sentence Embeddings using {S}iamese {BERT}-Networks},
  booktitle = {Proceedings of EMNLP-IJCNLP 2019}, year = {2019}
}"""
SKLEARN = """@article{pedregosa2011,
  author = {Pedregosa, F. and others},
  title = {Scikit-learn: Machine Learning in {P}ython},
  journal = {Journal of Machine Learning Research},
  volume = {12}, pages = {2825--2830}, year = {2011}
}"""
ANGELOPOULOS = """@article{angelopoulos2023,
  author = {Angelopoulos, Anastasios N. and Bates, Stephen and Fannjiang, Clara and Jordan, Michael I. and
            Zrnic, Tijana},
  title = {Prediction-Powered Inference},
  journal = {Science},
  volume = {382}, number = {6671}, pages = {669--674}, year = {2023}
}"""
TUNED = """@misc{angelopoulos2023ppi,
  author = {Angelopoulos, Anastasios N. and Duchi, John C. and Zrnic, Tijana},
  title = {{PPI++}: Efficient Prediction-Powered Inference},
  eprint = {2311.01453}, archivePrefix = {arXiv}, year = {2023}
}"""
EGAMI = """@inproceedings{egami2023,
  author = {Egami, Naoki and Hinck, Musashi and Stewart, Brandon M. and Wei, Hanying},
  title = {Using Imperfect Surrogates for Downstream Inference: Design-Based Supervised Learning for Social Science
           Applications of Large Language Models},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {36}, year = {2023}
}"""
FORMAN = """@article{forman2008,
  author = {Forman, George},
  title = {Quantifying Counts and Costs via Classification},
  journal = {Data Mining and Knowledge Discovery},
  volume = {17}, number = {2}, pages = {164--206}, year = {2008}
}"""
SAERENS = """@article{saerens2002,
  author = {Saerens, Marco and Latinne, Patrice and Decaestecker, Christine},
  title = {Adjusting the Outputs of a Classifier to New a Priori Probabilities: A Simple Procedure},
  journal = {Neural Computation},
  volume = {14}, number = {1}, pages = {21--41}, year = {2002}
}"""
WILSON = """@article{wilson1927,
  author = {Wilson, Edwin B.},
  title = {Probable Inference, the Law of Succession, and Statistical Inference},
  journal = {Journal of the American Statistical Association},
  volume = {22}, number = {158}, pages = {209--212}, year = {1927}
}"""
AGRESTI = """@article{agresti1998,
  author = {Agresti, Alan and Coull, Brent A.},
  title = {Approximate Is Better than ``Exact'' for Interval Estimation of Binomial Proportions},
  journal = {The American Statistician},
  volume = {52}, number = {2}, pages = {119--126}, year = {1998}
}"""
SCOTT = """@article{scott1955,
  author = {Scott, William A.},
  title = {Reliability of Content Analysis: The Case of Nominal Scale Coding},
  journal = {Public Opinion Quarterly},
  volume = {19}, number = {3}, pages = {321--325}, year = {1955}
}"""
HAEGE = """@article{haege2011,
  author = {H{\\"a}ge, Frank M.},
  title = {Choice or Circumstance? {A}djusting Measures of Foreign Policy Similarity for Chance Agreement},
  journal = {Political Analysis},
  volume = {19}, number = {3}, pages = {287--305}, year = {2011}
}"""
RAO = """@article{rao1981,
  author = {Rao, J. N. K. and Scott, A. J.},
  title = {The Analysis of Categorical Data from Complex Sample Surveys: Chi-Squared Tests for Goodness of Fit and
           Independence in Two-Way Tables},
  journal = {Journal of the American Statistical Association},
  volume = {76}, number = {374}, pages = {221--230}, year = {1981}
}"""
BRUNNER = """@article{brunner1997,
  author = {Brunner, Edgar and Dette, Holger and Munk, Axel},
  title = {Box-Type Approximations in Nonparametric Factorial Designs},
  journal = {Journal of the American Statistical Association},
  volume = {92}, number = {440}, pages = {1494--1502}, year = {1997}
}"""
MATTESON = """@article{matteson2014,
  author = {Matteson, David S. and James, Nicholas A.},
  title = {A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data},
  journal = {Journal of the American Statistical Association},
  volume = {109}, number = {505}, pages = {334--345}, year = {2014}
}"""
BY_ESTIMATOR = {
    "design-based": (ANGELOPOULOS, TUNED, EGAMI),
    "labels only": (EGAMI,),
    "adjusted count": (FORMAN,),
    "EMQ": (SAERENS,),
}


BRACES = str.maketrans("{}", "()")  # BibTeX counts braces, escaped or not


def references(findings: Findings) -> str:
    """BibTeX of what the study rests on: codebook, estimators, intervals, gaps, encoder, libraries, corpora."""
    source = findings.codebook.source.casefold()
    entries = [entry for name, entry in (("holsti", HOLSTI), ("yang", YANG)) if name in source]
    entries += [entry for name in estimators(findings) for entry in BY_ESTIMATOR.get(name, ())]
    profiles = used(findings)
    entries += [WILSON, RAO] if profiles else []
    entries += [AGRESTI] if "design-based" in profiles else []
    entries += [YANG, ENDRES, SCOTT, HAEGE, RAO] if findings.gaps["jensen_shannon"].notna().any() else []
    entries += [MATTESON] if findings.study.profiles.window and findings.changes is not None else []
    entries += [BRUNNER] if (findings.gaps["test"] == "F").any() else []
    entries += [REIMERS, SKLEARN, ROLECODER % latex.escape(str(findings.record.get("rolecoder", "unknown")))]
    return "\n\n".join(dict.fromkeys([*entries, *_corpora(findings)])) + "\n"


def _corpora(findings: Findings) -> list[str]:
    """The corpora whose descriptions say how to cite them, as they say it."""
    entries = []
    for number, corpus in enumerate(findings.corpora, start=1):
        if stated := str(corpus.get("citation") or "").strip().translate(BRACES):
            name = re.sub("[^A-Za-z0-9-]+", "-", str(corpus.get("name") or number)).strip("-") or str(number)
            entries.append(f"@misc{{corpus-{name},\n  key = {{{name}}},\n  note = {{{latex.escape(stated)}}}\n}}")
    return entries
