// Tells what Vitest or Playwright ran as events of `go test -json`, so that the rings count them like all others.
const action = { passed: 'pass', skipped: 'skip', pending: 'skip' };

function tell(pkg, test, state, errors) {
	for (const error of errors ?? []) {
		say({ Action: 'output', Package: pkg, Test: test, Output: `${error.stack ?? error.message}\n` });
	}
	say({ Action: action[state] ?? 'fail', Package: pkg, Test: test });
}

function say(event) {
	process.stdout.write(`${JSON.stringify(event)}\n`);
}

export default class Reporter {
	// Vitest
	onTestCaseResult(test) {
		const { state, errors } = test.result();
		tell('mobile-api/app', test.fullName, state, errors);
	}

	onTestRunEnd(_modules, errors, reason) {
		tell('mobile-api/app', undefined, reason, errors);
	}

	// Playwright
	onTestEnd(test, result) {
		tell('browser', test.titlePath().filter(Boolean).join(' > '), result.status, result.errors);
	}

	onEnd({ status }) {
		tell('browser', undefined, status);
	}
}
