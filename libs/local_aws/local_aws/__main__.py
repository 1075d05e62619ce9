"""Runs MiniStack with AWS's rules that it leaves out. Runs in the emulator's own interpreter."""

from ministack.app import main

from local_aws import install

if __name__ == "__main__":
    install()
    main()
