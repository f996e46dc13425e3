#pragma once

#include <fftw3.h>

#include <mutex>

#include <convmat/base/error.hpp>

namespace convmat::numerics {

/// A plan of FFTW, which makes and destroys plans in one thread at a time.
class FftwPlan {
  public:
    /// `make` calls one of FFTW's planners. Throws SizeError when there is no plan.
    template <class Make>
    explicit FftwPlan(const Make& make) {
        const std::lock_guard lock(planner());
        plan_ = make();
        if (plan_ == nullptr)
            throw SizeError({.parameter = "input",
                             .value = "",
                             .expected = "smaller axes",
                             .found = "FFTW: no plan for this transform"});
    }
    ~FftwPlan() {
        const std::lock_guard lock(planner());
        fftw_destroy_plan(plan_);
    }
    FftwPlan(const FftwPlan&) = delete;
    FftwPlan& operator=(const FftwPlan&) = delete;

    void execute() const { fftw_execute(plan_); }

  private:
    static std::mutex& planner() {
        static std::mutex mutex;
        return mutex;
    }

    fftw_plan plan_ = nullptr;
};

} // namespace convmat::numerics
