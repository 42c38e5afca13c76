#ifndef GREENROOM_CLINUX_SHIM_H
#define GREENROOM_CLINUX_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#endif
