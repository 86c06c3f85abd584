using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Healthy once all is deployed and the emulator answers.</summary>
internal sealed class DisaHealthCheck(DisaResource resource) : IHealthCheck
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (resource.Deployed.Task is { IsCompleted: true, IsCompletedSuccessfully: false, Exception: var failure })
        {
            return new(context.Registration.FailureStatus, failure?.InnerException?.Message ?? "It was stopped.");
        }

        if (!resource.IsStarted(out var aws) || aws.Endpoint is not { } endpoint)
        {
            return new(context.Registration.FailureStatus, "It is not running.");
        }

        if (!resource.Deployed.Task.IsCompleted)
        {
            return new(context.Registration.FailureStatus, "Stacks are being deployed.");
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri(endpoint, "/_disa/health"), cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, $"/_disa/health answers {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException unreachable)
        {
            return new(context.Registration.FailureStatus, "It does not answer.", unreachable);
        }
    }
}
