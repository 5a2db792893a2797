"""The papers that pages cite. Each was seen in a source; what could not be verified is left out."""

import dataclasses

VENUES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle", "misc": "howpublished"}


@dataclasses.dataclass(frozen=True)
class Paper:
    """A publication; authors are written "Family, Given". One of arxiv, doi, url says where it is.

    `kind` is that of its BibTeX entry: a journal's article, a part of a book or of proceedings, or misc.
    """

    key: str
    authors: tuple[str, ...]
    title: str
    year: int
    venue: str
    arxiv: str = ""
    doi: str = ""
    url: str = ""
    kind: str = "misc"
    volume: str = ""
    number: str = ""
    pages: str = ""

    @property
    def link(self) -> str:
        """Where it can be read."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else self.url

    @property
    def published(self) -> str:
        """Where it appeared, in one line: venue volume(number), pages."""
        issue = f" {self.volume}" * bool(self.volume) + f"({self.number})" * bool(self.number)
        return f"{self.venue}{issue}" + f", {self.pages}" * bool(self.pages)

    @property
    def citation(self) -> str:
        """One line of Markdown: authors (year). Linked title. Venue."""
        names = [" ".join(reversed(author.split(", "))) for author in self.authors]
        people = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        return f"{people} ({self.year}). [{self.title}]({self.link}). *{self.published}*."

    @property
    def bibtex(self) -> str:
        """A BibTeX entry that keeps the title's capitals."""
        fields = {
            "author": " and ".join(self.authors),
            "title": f"{{{self.title}}}",
            VENUES[self.kind]: self.venue,
            "volume": self.volume,
            "number": self.number,
            "pages": self.pages.replace("–", "--"),
            "year": str(self.year),
            "eprint": self.arxiv,
            "archiveprefix": self.arxiv and "arXiv",
            "doi": self.doi,
            "url": self.url,
        }
        lines = [f"  {field} = {{{text}}}" for field, text in fields.items() if text]
        return f"@{self.kind}{{{self.key},\n" + ",\n".join(lines) + "\n}"


PAPERS = {
    paper.key: paper
    for paper in (
        Paper(
            "fukushima1969",
            ("Fukushima, Kunihiko",),
            "Visual feature extraction by a multilayered network of analog threshold elements",
            1969,
            "IEEE Transactions on Systems Science and Cybernetics",
            doi="10.1109/TSSC.1969.300225",
            kind="article",
            volume="5",
            number="4",
            pages="322–333",
        ),
        Paper(
            "rumelhart1986",
            ("Rumelhart, David E.", "Hinton, Geoffrey E.", "Williams, Ronald J."),
            "Learning representations by back-propagating errors",
            1986,
            "Nature",
            doi="10.1038/323533a0",
            kind="article",
            volume="323",
            pages="533–536",
        ),
        Paper(
            "bridle1990",
            ("Bridle, John S.",),
            "Probabilistic Interpretation of Feedforward Classification Network Outputs, with Relationships to "
            "Statistical Pattern Recognition",
            1990,
            "Neurocomputing, NATO ASI Series F 68",
            doi="10.1007/978-3-642-76153-9_28",
            kind="incollection",
            pages="227–236",
        ),
        Paper(
            "lecun1998",
            ("LeCun, Yann", "Bottou, Léon", "Orr, Genevieve B.", "Müller, Klaus-Robert"),
            "Efficient BackProp",
            1998,
            "Neural Networks: Tricks of the Trade, Lecture Notes in Computer Science 1524",
            url="http://leon.bottou.org/papers/lecun-98x",
            kind="incollection",
        ),
        Paper(
            "nair2010",
            ("Nair, Vinod", "Hinton, Geoffrey E."),
            "Rectified Linear Units Improve Restricted Boltzmann Machines",
            2010,
            "International Conference on Machine Learning",
            url="https://mlanthology.org/icml/2010/nair2010icml-rectified/",
            kind="inproceedings",
            pages="807–814",
        ),
        Paper(
            "glorot2011",
            ("Glorot, Xavier", "Bordes, Antoine", "Bengio, Yoshua"),
            "Deep Sparse Rectifier Neural Networks",
            2011,
            "International Conference on Artificial Intelligence and Statistics",
            url="https://proceedings.mlr.press/v15/glorot11a.html",
            kind="inproceedings",
            pages="315–323",
        ),
        Paper(
            "maas2013",
            ("Maas, Andrew L.", "Hannun, Awni Y.", "Ng, Andrew Y."),
            "Rectifier Nonlinearities Improve Neural Network Acoustic Models",
            2013,
            "ICML Workshop on Deep Learning for Audio, Speech and Language Processing",
            url="https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf",
            kind="inproceedings",
        ),
        Paper(
            "hendrycks2016",
            ("Hendrycks, Dan", "Gimpel, Kevin"),
            "Gaussian Error Linear Units (GELUs)",
            2016,
            "arXiv preprint",
            arxiv="1606.08415",
        ),
        Paper(
            "dugas2000",
            ("Dugas, Charles", "Bengio, Yoshua", "Bélisle, François", "Nadeau, Claude", "Garcia, René"),
            "Incorporating Second-Order Functional Knowledge for Better Option Pricing",
            2000,
            "Advances in Neural Information Processing Systems 13",
            url="https://papers.neurips.cc/paper_files/paper/2000/hash/44968aece94f667e4095002d140b5896-Abstract.html",
            kind="inproceedings",
            pages="472–478",
        ),
        Paper(
            "he2015",
            ("He, Kaiming", "Zhang, Xiangyu", "Ren, Shaoqing", "Sun, Jian"),
            "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification",
            2015,
            "arXiv preprint",
            arxiv="1502.01852",
        ),
        Paper(
            "clevert2015",
            ("Clevert, Djork-Arné", "Unterthiner, Thomas", "Hochreiter, Sepp"),
            "Fast and Accurate Deep Network Learning by Exponential Linear Units (ELUs)",
            2015,
            "arXiv preprint",
            arxiv="1511.07289",
        ),
        Paper(
            "dauphin2016",
            ("Dauphin, Yann N.", "Fan, Angela", "Auli, Michael", "Grangier, David"),
            "Language Modeling with Gated Convolutional Networks",
            2016,
            "arXiv preprint",
            arxiv="1612.08083",
        ),
        Paper(
            "elfwing2017",
            ("Elfwing, Stefan", "Uchibe, Eiji", "Doya, Kenji"),
            "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning",
            2017,
            "arXiv preprint",
            arxiv="1702.03118",
        ),
        Paper(
            "klambauer2017",
            ("Klambauer, Günter", "Unterthiner, Thomas", "Mayr, Andreas", "Hochreiter, Sepp"),
            "Self-Normalizing Neural Networks",
            2017,
            "arXiv preprint",
            arxiv="1706.02515",
        ),
        Paper(
            "ramachandran2017",
            ("Ramachandran, Prajit", "Zoph, Barret", "Le, Quoc V."),
            "Searching for Activation Functions",
            2017,
            "arXiv preprint",
            arxiv="1710.05941",
        ),
        Paper(
            "misra2019",
            ("Misra, Diganta",),
            "Mish: A Self Regularized Non-Monotonic Activation Function",
            2019,
            "arXiv preprint",
            arxiv="1908.08681",
        ),
        Paper(
            "shazeer2020",
            ("Shazeer, Noam",),
            "GLU Variants Improve Transformer",
            2020,
            "arXiv preprint",
            arxiv="2002.05202",
        ),
    )
}
