// A macro's address says where and whom to call back: it leaves the address line at once.
if (location.search) history.replaceState(null, "", location.pathname);
