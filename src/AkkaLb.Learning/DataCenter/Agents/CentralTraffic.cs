namespace AkkaLb.Learning.DataCenter.Agents;

/// <summary>
/// Bytes between load balancers and a central learner in one episode, at four a number; independent learners send nothing.
/// </summary>
/// <param name="TrajectoryBytes">Observations, and where balancers decide themselves their decisions, that learning needs.</param>
/// <param name="DecisionBytes">
/// Decisions that a centre makes for the balancers; with it they need the observations in operation too.
/// </param>
/// <param name="ParameterBytes">Learnt parameters on their way back, once an episode.</param>
public readonly record struct CentralTraffic(long TrajectoryBytes, long DecisionBytes, long ParameterBytes)
{
    public static CentralTraffic operator +(CentralTraffic a, CentralTraffic b) =>
        new(a.TrajectoryBytes + b.TrajectoryBytes, a.DecisionBytes + b.DecisionBytes, a.ParameterBytes + b.ParameterBytes);
}
