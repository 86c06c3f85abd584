namespace Disa.Emulator.Tests;

public class OwnEnvironmentTests
{
    [Fact]
    public void AWS_secrets_are_taken_out_of_this_processs_environment()
    {
        var before = Environment.GetEnvironmentVariable("AWS_SECURITY_TOKEN");
        Environment.SetEnvironmentVariable("AWS_SECURITY_TOKEN", "very-secret");
        try
        {
            OwnEnvironment.Clear();

            Assert.Null(Environment.GetEnvironmentVariable("AWS_SECURITY_TOKEN"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("AWS_SECURITY_TOKEN", before);
        }
    }
}
