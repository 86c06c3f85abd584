using System.Reflection;
using Xunit;
using Xunit.v3;

namespace Disa.Emulator.Xunit;

/// <summary>Writes what happened in a failed test's account to the test's output: the emulator's log, executions, functions' logs and mails.</summary>
/// <remarks>The package puts it on the whole assembly.</remarks>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ReportLocalAwsAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc />
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        var report = LocalAwsFixture.Take(test.UniqueID);
        if (report is not null && TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            // xUnit calls it synchronously, and nothing here needs the test's own context.
            TestContext.Current.TestOutputHelper?.WriteLine(Task.Run(report.Write).GetAwaiter().GetResult());
        }
    }
}
