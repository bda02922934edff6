/* libdispatch waits with a mask in read-only memory, and valgrind 3.19 writes to the mask of a sigsuspend: it gets a copy. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    sigset_t copy = *mask;
    return (int)syscall(SYS_rt_sigsuspend, &copy, 8);
}
