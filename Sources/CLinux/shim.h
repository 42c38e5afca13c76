#ifndef GREENROOM_CLINUX_SHIM_H
#define GREENROOM_CLINUX_SHIM_H

#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/types.h>

/* The C library declares these only under _GNU_SOURCE, which Swift's view of it is built
   without; so the prototypes stand here, inside the shims that need them. */

static inline int greenroom_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    extern int accept4(int, struct sockaddr *, socklen_t *, int);
    return accept4(listener, address, length, flags);
}

static inline int greenroom_name_thread(pthread_t thread, const char *name) {
    extern int pthread_setname_np(pthread_t, const char *);
    return pthread_setname_np(thread, name);
}

struct greenroom_credentials {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};

/* struct ucred has this layout (unix(7)); its declaration needs _GNU_SOURCE. */
static inline int greenroom_peer_credentials(int socket, struct greenroom_credentials *credentials) {
    socklen_t length = sizeof *credentials;
    return getsockopt(socket, SOL_SOCKET, 17 /* SO_PEERCRED */, credentials, &length);
}

#endif
