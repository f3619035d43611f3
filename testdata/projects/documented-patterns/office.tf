# AWS's documented allow list by address: an Allow for everyone, and a Deny for all other networks.
resource "aws_api_gateway_rest_api" "office" {
  name = "office"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
        Condition = {
          NotIpAddress = { "aws:SourceIp" = ["203.0.113.0/24", "198.51.100.0/24"] }
        }
      },
    ]
  })
}

resource "aws_api_gateway_method" "office" {
  rest_api_id   = aws_api_gateway_rest_api.office.id
  resource_id   = aws_api_gateway_rest_api.office.root_resource_id
  http_method   = "ANY"
  authorization = "NONE"
}
