"""Makes crossed.csv: models with two absorbed effects that cross, 4,000 and 3,000 levels, by explicit dummies.

Run as `python crossed.py` in this folder with numpy, scipy and pyfixest; versions go to crossed_versions.txt. The data
are made here and in tests/model_crossed.rs by the same generator (whole numbers and plain arithmetic, so to the
same bits). All dummies are columns of one sparse matrix and its information is factored whole (SuperLU), one level of
the second effect left out for each connected part; sandwiches and delta methods are algebra over all parameters.
pyfixest must agree, or the script stops: it demeans by iterations, to its own tolerance.
"""
import sys, numpy as np, scipy, scipy.sparse as sp, scipy.sparse.linalg as sl, pandas as pd, pyfixest as pf
from scipy.sparse.csgraph import connected_components

PEOPLE, FIRMS, EACH = 4000, 3000, 12
rows, state = [], 11
def random():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2.0**53
for person in range(PEOPLE):
    for _ in range(EACH):
        firm = (3 * person + int(random() * 60.0)) % FIRMS
        x, z = random(), random()
        eta = 0.5 * x - 0.7 * z + (person * 37 % 101) / 101.0 + (firm * 53 % 97) / 97.0 - 1.0
        p = min(max(0.5 + 0.15 * eta, 0.05), 0.95)
        rows.append((person, firm, x, z, int(random() < p), float(int(6.0 * p * random())), eta + random()))
d = pd.DataFrame(rows, columns=["person", "firm", "x", "z", "success", "count", "number"])
d["cluster"] = d.person % 200

out = []
def one(model, quantity, value): out.append((model, quantity, float(value)))

def varied(d, y):
    """Levels with both outcomes (a positive one), until none is left without."""
    while True:
        n = len(d)
        for by in ("person", "firm"):
            g = d.groupby(by)[y]
            keep = g.transform("max") > 0
            if y == "success": keep &= g.transform("min") < 1
            d = d[keep]
        if len(d) == n: return d

def fit(model, y, d):
    if model != "linear": d = varied(d, y)
    n = len(d); at = np.arange(n); one_ = np.ones(n)
    person = pd.factorize(d.person)[0]; firm = pd.factorize(d.firm)[0]
    P, F = person.max() + 1, firm.max() + 1
    parts, part = connected_components(sp.coo_matrix((one_, (person, P + firm)), shape=(P + F, P + F)), directed=False)
    first = {}
    for f in range(F): first.setdefault(part[P + f], f)
    kept = np.setdiff1d(np.arange(F), list(first.values())); place = np.full(F, -1); place[kept] = np.arange(len(kept))
    has = place[firm] >= 0
    X = sp.hstack([sp.csr_matrix(d[["x", "z"]].to_numpy()), sp.csr_matrix((one_, (at, person)), shape=(n, P)),
                   sp.csr_matrix((one_[has], (at[has], place[firm][has])), shape=(n, len(kept)))]).tocsr()
    y = d[y].to_numpy(float); b = np.zeros(X.shape[1])
    link = {"linear": lambda e: (e, np.ones_like(e), np.zeros_like(e)),
            "logit": lambda e: (lambda m: (m, m * (1 - m), m * (1 - m) * (1 - 2 * m)))(1 / (1 + np.exp(-e))),
            "poisson": lambda e: (np.exp(e),) * 3}[model]
    if model == "poisson": b[2:2 + P] = np.log(d.groupby(person)[d.columns[d.columns == "count"][0]].mean().to_numpy())
    for step in range(60):
        m, w, _ = link(X @ b)
        move = sl.splu((X.T @ sp.diags(w) @ X).tocsc()).solve(X.T @ (y - m))
        b = b + move
        if np.abs(move).max() < 1e-13: break
    m, w, bend = link(X @ b)
    A = sl.splu((X.T @ sp.diags(w) @ X).tocsc())
    e = y - m
    groups = d.cluster.to_numpy()
    def errors(J):
        r = A.solve(J); s = e * (X @ r); iid = J @ r
        by = np.bincount(groups, s)
        return iid, (s * s).sum(), (by * by).sum()
    G = len(np.unique(groups)); one(model, "n", n); one(model, "parts", parts); one(model, "clusters", G)
    for k, name in enumerate(("x", "z")):
        J = np.zeros(X.shape[1]); J[k] = 1
        iid, hc, cl = errors(J)
        one(model, f"{name}_coefficient", b[k])
        for kind, v in (("iid", iid * (e @ e / n if model == "linear" else 1)), ("hc", hc), ("cluster", cl)): one(model, f"{name}_se_{kind}", np.sqrt(v))
    # Average marginal effect of x over all parameters.
    J = b[0] * (X.T @ bend) / n; J[0] += w.mean()
    iid, hc, cl = errors(J)
    one(model, "ame", b[0] * w.mean())
    for kind, v in (("iid", iid * (e @ e / n if model == "linear" else 1)), ("hc", hc), ("cluster", cl)): one(model, f"ame_se_{kind}", np.sqrt(v))
    # Everyone at x = 0 and as observed.
    x0 = X.tolil(); x0[:, 0] = 0; x0 = x0.tocsr(); m0, w0, _ = link(x0 @ b)
    J = (X.T @ w - x0.T @ w0) / n
    one(model, "contrast", m.mean() - m0.mean()); one(model, "contrast_se_cluster", np.sqrt(errors(J)[2]))
    call = {"linear": lambda: pf.feols("number ~ x + z | person + firm", d, vcov="iid", fixef_tol=1e-9, fixef_maxiter=100_000, ssc=pf.ssc(k_adj=False, G_adj=False)),
            "poisson": lambda: pf.fepois("count ~ x + z | person + firm", d, vcov="iid", fixef_tol=1e-9, fixef_maxiter=100_000, iwls_tol=1e-10),
            "logit": lambda: pf.feglm("success ~ x + z | person + firm", d, family="logit", vcov="iid", fixef_tol=1e-9, fixef_maxiter=100_000, iwls_tol=1e-10)}[model]
    theirs = call().coef()
    assert np.allclose(theirs[["x", "z"]], b[:2], rtol=1e-6), (model, theirs, b[:2])
    print(model, n, P, F, parts, "steps", step, "pyfixest apart", np.abs(theirs[["x", "z"]].to_numpy() / b[:2] - 1).max())

fit("linear", "number", d); fit("logit", "success", d); fit("poisson", "count", d)
with open("crossed.csv", "w") as f:
    f.write("model,quantity,value\n")
    for m, q, v in out: f.write(f"{m},{q},{v!r}\n")
with open("crossed_versions.txt", "w") as f:
    f.write(f"python {sys.version.split()[0]}\nnumpy {np.__version__}\nscipy {scipy.__version__}\npyfixest {pf.__version__}\n")
