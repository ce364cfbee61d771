"""Makes special.csv: ln_gamma, normal hazard and ln normal_cdf in 60 digits (mpmath 1.4.1)."""
import mpmath as mp, numpy as np
mp.mp.dps = 60
rng = np.random.default_rng(3); out = []
for x in [*10.0 ** rng.uniform(-6, 8, 80), *rng.uniform(0.5, 30, 80), 1, 2, 3, 19, 20, 21, 171.5]: out.append(("ln_gamma", x, mp.loggamma(mp.mpf(float(x)))))
for x in [*rng.uniform(-35, 35, 120), *rng.uniform(-2, 2, 60), 0.0, 60.0, 500.0]:
    x = mp.mpf(float(x)); out.append(("normal_hazard", x, mp.npdf(x) / (mp.erfc(x / mp.sqrt(2)) / 2)))
    out.append(("ln_normal_cdf", -x, mp.log1p(-mp.erfc(-x / mp.sqrt(2)) / 2) if x < 0 else mp.log(mp.erfc(x / mp.sqrt(2)) / 2)))
for df in (1, 2, 5, 30, 200):
    for x in (0.01, 0.5, 1, 3.84, 20, 100, 300): out.append((f"chi_square_sf_{df}", x, mp.gammainc(mp.mpf(df) / 2, mp.mpf(x) / 2, mp.inf, regularized=True)))
    for d2 in (3, 16, 250):
        for x in (0.1, 1, 2.5, 10): out.append((f"f_sf_{df}_{d2}", x, mp.betainc(mp.mpf(d2) / 2, mp.mpf(df) / 2, 0, mp.mpf(d2) / (d2 + df * mp.mpf(x)), regularized=True)))
open("special.csv", "w").write("function,x,value\n" + "".join(f"{f},{float(x):.17g},{mp.nstr(v, 17)}\n" for f, x, v in out))
