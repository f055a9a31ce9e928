# Wakes the tick of the town /home/you/gt every minute, on every client that has the town. See README.md beside this file.
job "gt-tick" {
  type        = "sysbatch"
  datacenters = ["*"]

  periodic {
    crons            = ["* * * * *"]
    prohibit_overlap = true
    time_zone        = "UTC"
  }

  # Set `town = "home-you-gt"` in the meta of the clients that have it.
  constraint {
    attribute = "${meta.town}"
    value     = "home-you-gt"
  }

  group "tick" {
    restart {
      attempts = 0
      mode     = "fail"
    }

    task "tick" {
      driver = "raw_exec"

      config {
        command = "/usr/bin/systemctl"
        args    = ["--user", "--machine=you@", "start", "gt-tick@home-you-gt.service"]
      }

      resources {
        cpu    = 100
        memory = 64
      }
    }
  }
}
