//! An end to templates that never end. The engine counts steps, but a few of them can ask for more
//! than a lifetime of work (a list that holds itself twice, sixty times over).
//!
//! Knows nothing of templates: it waits for a piece of work, and not for ever.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::error::{Problem, Result};

/// A thousand times what the longest template takes.
pub(super) const LONGEST: Duration = Duration::from_secs(30);
/// As much stack as nested templates may need before the engine refuses them.
const STACK: usize = 64 << 20;

/// The result of `work`, done on a thread of its own, or the problem that it took too long. The
/// thread is left to itself then: the program is about to end.
///
/// # Errors
/// `work`'s own; no end within `longest`; a fault of the engine.
pub(super) fn within<T: Send + 'static>(
    longest: Duration,
    name: &str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (send, receive) = channel();
    let worker = move || {
        let _ = send.send(work());
    };
    let started = thread::Builder::new().stack_size(STACK).spawn(worker);
    started.map_err(|error| Problem::new(format!("cannot fill the template: {error}")).file(name))?;
    match receive.recv_timeout(longest) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => {
            let what = format!("the template was not filled within {} seconds", longest.as_secs());
            Err(Problem::new(what).file(name).hint("look for lists within lists that grow with every step").into())
        }
        Err(RecvTimeoutError::Disconnected) => {
            Err(Problem::new("the template engine failed").file(name).hint("try simpler expressions").into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_without_end_is_given_up() {
        assert_eq!(within(LONGEST, "t", || Ok(7)).unwrap(), 7);
        let endless = || loop {
            thread::sleep(Duration::from_millis(5));
        };
        let told = within::<()>(Duration::from_millis(20), "t.j2", endless).unwrap_err().to_string();
        assert!(told.contains("not filled within") && told.contains("t.j2"), "{told}");
    }
}
