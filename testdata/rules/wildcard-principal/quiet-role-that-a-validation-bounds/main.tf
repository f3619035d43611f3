variable "role" {
  type = string
  validation {
    condition     = can(regex("^arn:aws:iam::123456789012:role/", var.role))
    error_message = "no"
  }
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.role }
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
