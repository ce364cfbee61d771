//! Keeps direct labels apart: moves them as little as possible until none overlaps.
//!
//! Pure geometry on one axis. Entry: [`spread`].

/// One label: where its centre would like to be, and how tall it is with its gap.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) at: f64,
    pub(super) height: f64,
}

/// Centres for `wishes`, in their order, so that no two overlap and all lie within `top..bottom` if
/// there is room. Least squares: runs of touching labels settle at the mean of their wishes, which is
/// isotonic regression by pooling neighbours.
pub(super) fn spread(wishes: &[Wish], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&a, &b| wishes[a].at.total_cmp(&wishes[b].at));
    // Each run: members in order, sum of (wish of the run's top implied by a member), height.
    let mut runs: Vec<(Vec<usize>, f64, f64)> = Vec::new();
    for index in order {
        let Wish { at, height } = wishes[index];
        let mut run = (vec![index], at - height / 2.0, height);
        while let Some(above) = runs.last() {
            if run_top(above, top, bottom) + above.2 <= run_top(&run, top, bottom) + 1e-9 {
                break;
            }
            let (mut members, sum, tall) = above.clone();
            runs.pop();
            let joined = sum + run.1 - tall * run.0.len() as f64;
            members.extend(run.0);
            run = (members, joined, tall + run.2);
        }
        runs.push(run);
    }
    let mut centres = vec![0.0; wishes.len()];
    for run in &runs {
        let mut y = run_top(run, top, bottom);
        for &index in &run.0 {
            centres[index] = y + wishes[index].height / 2.0;
            y += wishes[index].height;
        }
    }
    centres
}

// Mean of the members' wishes, held inside the bounds; the top bound wins when there is no room.
fn run_top(run: &(Vec<usize>, f64, f64), top: f64, bottom: f64) -> f64 {
    (run.1 / run.0.len() as f64).min(bottom - run.2).max(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(at: &[f64]) -> Vec<Wish> {
        at.iter().map(|&at| Wish { at, height: 10.0 }).collect()
    }

    #[test]
    fn apart_labels_stay_and_equal_ones_share_evenly() {
        assert_eq!(spread(&wishes(&[20.0, 50.0]), 0.0, 100.0), [20.0, 50.0]);
        assert_eq!(spread(&wishes(&[50.0, 50.0, 50.0]), 0.0, 100.0), [40.0, 50.0, 60.0]);
        assert_eq!(spread(&wishes(&[99.0, 98.0]), 0.0, 100.0), [95.0, 85.0]);
        assert_eq!(spread(&[], 0.0, 1.0), Vec::<f64>::new());
    }

    #[test]
    fn never_overlap() {
        let all = wishes(&[3.0, 4.0, 30.0, 31.0, 33.0, 60.0, 61.0, 90.0, 99.0]);
        let mut centres = spread(&all, 0.0, 100.0);
        centres.sort_by(f64::total_cmp);
        assert!(centres.windows(2).all(|w| w[1] - w[0] >= 10.0 - 1e-6), "{centres:?}");
        assert!(centres[0] >= 5.0 - 1e-9 && centres[8] <= 95.0 + 1e-9, "{centres:?}");
    }
}
